import type { MarkdownRenderer } from "vitepress";
import { CATALOGUE } from "../../../../packages/torch-optim/src/optim/lr_scheduler/catalogue.ts";

type Tokens = Parameters<Parameters<MarkdownRenderer["core"]["ruler"]["push"]>[1]>[0]["tokens"];

const CLASS_PAGE = /^api\/.*\/classes\/(\w+)\.md$/;
const FORMULA = /^lr(\(t\))? = /;

/** Puts the live curve into a scheduler's page, behind what it says of the scheduler. */
export function showLive(md: MarkdownRenderer): void {
  md.core.ruler.push("live_schedulers", ({ tokens, env, Token }) => {
    const [, name = ""] = CLASS_PAGE.exec(env.relativePath ?? "") ?? [];
    if (!Object.hasOwn(CATALOGUE, name)) return;
    const found = tokens.findIndex(({ type, tag }) => type === "heading_open" && tag === "h2");
    const end = found === -1 ? tokens.length : found;
    const live = new Token("html_block", "", 0);
    const formula = md.utils.escapeHtml(formulaIn(tokens.slice(0, end)));
    live.content = `<ClientOnly><LiveScheduler type="${name}" formula="${formula}" /></ClientOnly>\n`;
    tokens.splice(end, 0, live);
  });
}

/** The first formula that a scheduler's page has. */
function formulaIn(tokens: Tokens): string {
  const codes = tokens
    .flatMap(({ children }) => children ?? [])
    .filter(({ type }) => type === "code_inline");
  return codes.find(({ content }) => FORMULA.test(content))?.content ?? "";
}
