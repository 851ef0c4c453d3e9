import type { MarkdownRenderer } from "vitepress";
import { CATALOGUE } from "../../../../packages/torch-optim/src/optim/lr_scheduler/catalogue.ts";

const CLASS_PAGE = /^api\/.*\/classes\/(\w+)\.md$/;
/** What needs a function, which no slider gives. */
const WITH_FUNCTIONS = new Set(["LambdaLR", "MultiplicativeLR"]);

/** Puts the live curve into a scheduler's page, behind what it says of the scheduler. */
export function showLive(md: MarkdownRenderer): void {
  md.core.ruler.push("live_schedulers", ({ tokens, env, Token }) => {
    const [, name = ""] = CLASS_PAGE.exec(env.relativePath ?? "") ?? [];
    if (!Object.hasOwn(CATALOGUE, name) || WITH_FUNCTIONS.has(name)) return;
    const end = tokens.findIndex(({ type, tag }) => type === "heading_open" && tag === "h2");
    const live = new Token("html_block", "", 0);
    live.content = `<ClientOnly><LiveScheduler type="${name}" /></ClientOnly>\n`;
    tokens.splice(end === -1 ? tokens.length : end, 0, live);
  });
}
