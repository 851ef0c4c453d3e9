import type { MarkdownRenderer } from "vitepress";
import {
  format_spec,
  PRESETS,
  parse_spec,
} from "../../../../packages/torch-optim/src/optim/lr_scheduler/index.ts";
import { encodeLink } from "../../src/link/link.ts";
import type { Plan } from "../../src/studio/plan.ts";

const DRAWN = /^\$ torch-optim plot "(.+?)"(.*) --svg /m;
const PRESET = /^\$ torch-optim example (\S+) \| /m;
const USUAL_LR = 0.1;
const PAGES = new Set(["gallery.md", "presets.md"]);
/** What decides such a curve beside its spec, and is in a file of its own. */
const METRICS = "--metrics";
const HEIGHT = 300;

/**
 * Puts a link to the studio behind every command that draws a schedule of the gallery or of the presets,
 * and around the picture that follows it its living curve: the picture is what shows while no script runs.
 */
export function linkToStudio(md: MarkdownRenderer): void {
  md.core.ruler.before("inline", "studio_links", ({ tokens, env, Token }) => {
    if (!PAGES.has(env.relativePath)) return;
    const html = (content: string) => Object.assign(new Token("html_block", "", 0), { content });
    for (let i = tokens.length - 1; i >= 0; i--) {
      const command = tokens[i].content;
      const plan = tokens[i].type === "fence" ? planIn(command) : undefined;
      if (!plan) continue;
      const link = `/studio#${encodeLink({ plan, view: { isLog: false, unit: "steps" }, pins: [] })}`;
      const text = new Token("inline", "", 0);
      text.content = `[Open in the studio](${link})`;
      text.children = [];
      const paragraph = [
        new Token("paragraph_open", "p", 1),
        text,
        new Token("paragraph_close", "p", -1),
      ];
      const picture = tokens.splice(i + 1, paragraph.length);
      const shown = command.includes(METRICS)
        ? picture
        : [html(`<torch-curve ${attributesOf(plan, md)}>`), ...picture, html("</torch-curve>\n")];
      tokens.splice(i + 1, 0, ...paragraph, ...shown);
    }
  });
}

function attributesOf({ spec, lr, total }: Plan, md: MarkdownRenderer): string {
  const epochs = total === undefined ? "" : ` epochs="${total}"`;
  return `spec="${md.utils.escapeHtml(format_spec(spec))}" lr="${lr}"${epochs} height="${HEIGHT}"`;
}

/** The plan that a command draws. */
function planIn(command: string): Plan | undefined {
  const [, name = ""] = PRESET.exec(command) ?? [];
  if (Object.hasOwn(PRESETS, name)) return { spec: parse_spec(PRESETS[name].spec), lr: 1 };
  const [, spec, options = ""] = DRAWN.exec(command) ?? [];
  if (spec === undefined) return undefined;
  const lr = Number(/--lr (\S+)/.exec(options)?.[1] ?? USUAL_LR);
  const [, epochs] = /--epochs (\d+)/.exec(options) ?? [];
  return { spec: parse_spec(spec), lr, ...(epochs === undefined ? {} : { total: Number(epochs) }) };
}
