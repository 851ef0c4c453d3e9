import type { MarkdownRenderer } from "vitepress";
import { REPOSITORY } from "../../scripts/repository.ts";

/** Lets links that lead out of the pages' folder lead to where the project's files can be read. */
export function linkOutside(md: MarkdownRenderer): void {
  md.core.ruler.push("outside_links", ({ tokens, env }) => {
    // The reference links to itself alone.
    if (String(env.relativePath).includes("/")) return;
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        const href = token.attrGet("href");
        if (href?.startsWith("../"))
          token.attrSet("href", `${REPOSITORY}/blob/main/${href.slice(3)}`);
      }
    }
  });
}
