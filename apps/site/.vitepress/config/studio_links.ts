import type { MarkdownRenderer } from "vitepress";
import {
  PRESETS,
  parse_spec,
} from "../../../../packages/torch-optim/src/optim/lr_scheduler/index.ts";
import { encodeLink } from "../../src/link/link.ts";
import type { Plan } from "../../src/studio/plan.ts";

const DRAWN = /^\$ torch-optim plot "(.+?)"(.*) --svg /m;
const PRESET = /^\$ torch-optim example (\S+) \| /m;
const USUAL_LR = 0.1;
const PAGES = new Set(["gallery.md", "presets.md"]);

/** Puts a link to the studio behind every command that draws a schedule of the gallery or of the presets. */
export function linkToStudio(md: MarkdownRenderer): void {
  md.core.ruler.before("inline", "studio_links", ({ tokens, env, Token }) => {
    if (!PAGES.has(env.relativePath)) return;
    for (let i = tokens.length - 1; i >= 0; i--) {
      const plan = tokens[i].type === "fence" ? planIn(tokens[i].content) : undefined;
      if (!plan) continue;
      const link = `/studio#${encodeLink({ plan, view: { isLog: false, unit: "steps" }, pins: [] })}`;
      const text = new Token("inline", "", 0);
      text.content = `[Open in the studio](${link})`;
      text.children = [];
      const around = [
        new Token("paragraph_open", "p", 1),
        text,
        new Token("paragraph_close", "p", -1),
      ];
      tokens.splice(i + 1, 0, ...around);
    }
  });
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
