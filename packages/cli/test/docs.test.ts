import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe_schedulers } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { Document } from "./support/document.ts";

// After a change that is meant, `npm test -- --update packages/cli/test/docs.test.ts` writes the
// pages and pictures anew.
describe.skipIf(process.platform === "win32")("the documentation", () => {
  it.each([
    "command-line.md",
    "gallery.md",
  ])("%s shows what the commands print and draw", async (name) => {
    const page = new Document(name);
    await expect(page.rerun()).toMatchFileSnapshot(page.path);
    const pictures = readdirSync(join(page.folder, "gallery"));
    expect(pictures.length).toBeGreaterThan(0);
    for (const picture of pictures) {
      const svg = readFileSync(join(page.folder, "gallery", picture), "utf8");
      await expect(svg).toMatchFileSnapshot(join(dirname(page.path), "gallery", picture));
      expect(page.text).toContain(`](gallery/${picture})`);
    }
  });

  it("has the curve of every scheduler that a spec can hold", () => {
    const { text } = new Document("gallery.md");
    for (const { type, is_spec_type } of describe_schedulers()) {
      if (is_spec_type) expect(text).toContain(`![The curve of ${type}](gallery/${type}.svg)`);
    }
  });
});
