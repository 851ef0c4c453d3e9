import { Resvg } from "@resvg/resvg-js";
import fc from "fast-check";
import { parse_spec } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { toCurves } from "../src/curve.ts";
import { drawPicture } from "../src/picture/draw_picture.ts";
import { toPicture } from "../src/picture/of_curves.ts";
import { phaseTint } from "../src/picture/palette.ts";

type Wishes = Partial<Parameters<typeof toPicture>[1]> & { epochs?: number };

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The picture of schedules in the short form. */
function draw(specs: readonly string[], { epochs, ...wishes }: Wishes = {}): string {
  const named = specs.map((text) => ({ name: text, spec: parse_spec(text) }));
  return drawPicture(
    toPicture(toCurves(named, { epochs, lr: [0.1] }), { xLabel: "epoch", ...wishes }),
  );
}

function attributes(tag: string): Record<string, string> {
  return Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="(.*?)"/g)].map(([, key, value]) => [key, value]),
  );
}

function unescaped(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

/** The texts of a picture that lie flat, and about where, in a font of average width. */
function boxesOf(svg: string): Box[] {
  return [...svg.matchAll(/<text (.*?)>(.*?)<\/text>/g)]
    .map(([, tag, content]) => ({ ...attributes(tag), text: unescaped(content) }))
    .filter((one) => !("transform" in one))
    .map(({ text, ...rest }) => {
      const {
        x,
        y,
        "text-anchor": anchor,
        "font-size": size = "12",
      } = rest as Record<string, string>;
      const width = 0.5 * Number(size) * [...text].length;
      const left = Number(x) - { start: 0, middle: width / 2, end: width }[anchor as "start"];
      return {
        text,
        left,
        right: left + width,
        top: Number(y) - 0.7 * Number(size),
        bottom: Number(y),
      };
    });
}

function textsOf(svg: string): string[] {
  return boxesOf(svg).map(({ text }) => text);
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** The corners of the lines that are drawn in this class. */
function linesOf(svg: string, name: string): number[][][] {
  return [...svg.matchAll(new RegExp(`<path d="M([^"]*)" class="${name}"`, "g"))].map(([, d]) =>
    d.split("L").map((place) => place.split(",").map(Number)),
  );
}

describe("a picture", () => {
  it("has its texts apart from each other and inside, whatever it shows at whatever size", () => {
    const phase = fc.tuple(
      fc.constantFrom("linear", "cosine", "constant", "polynomial"),
      fc.integer({ min: 1, max: 400 }),
    );
    const schedule = fc
      .array(phase, { minLength: 1, maxLength: 12 })
      .map((phases) => phases.map(([name, length]) => `${name}:${length}`).join(" > "));
    fc.assert(
      fc.property(
        fc.array(schedule, { minLength: 1, maxLength: 6 }),
        fc.record({
          width: fc.constantFrom(undefined, 240, 320, 500, 1200),
          height: fc.constantFrom(undefined, 120, 300, 900),
          log: fc.boolean(),
          title: fc.constantFrom(undefined, "Run 7", "a title of many words ".repeat(9).trim()),
        }),
        (schedules, wishes) => {
          const svg = draw(schedules, wishes);
          const { width, height } = attributes(/<svg (.*?)>/.exec(svg)?.[1] ?? "");
          const boxes = boxesOf(svg);
          for (const [i, box] of boxes.entries()) {
            const others = boxes.slice(i + 1).filter((other) => overlap(box, other));
            expect(others, `overlap ${box.text}`).toEqual([]);
            expect(box.left).toBeGreaterThanOrEqual(0);
            expect(box.right).toBeLessThanOrEqual(Number(width));
            expect(box.bottom).toBeLessThanOrEqual(Number(height));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("has the width and the height that are asked for", () => {
    const svg = draw(["linear:10 > cosine:90"], { width: 500, height: 300 });
    expect(svg).toContain('<svg xmlns="http://www.w3.org/2000/svg" width="500" height="300" ');
  });

  it("names its phases over them, or by numbers if one is too narrow, with the names below", () => {
    const wide = textsOf(draw(["linear:20 > cosine:80"]));
    expect(wide).toEqual(expect.arrayContaining(["LinearLR", "CosineAnnealingLR", "milestone 20"]));
    const narrow = textsOf(draw(["linear:4 > cosine:80 > constant:16"]));
    expect(narrow.filter((text) => text === "1" || text === "2")).toHaveLength(4);
    expect(narrow).toEqual(
      expect.arrayContaining(["LinearLR, 0–3", "CosineAnnealingLR, 4–83", "ConstantLR, 84–99"]),
    );
  });

  it("labels every milestone or none", () => {
    const marks = (phases: number, length: number) => {
      const svg = draw([Array(phases).fill(`linear:${length}`).join(" > ")]);
      return [...svg.matchAll(/class="faint"/g)].length;
    };
    expect(marks(3, 30)).toBe(2);
    expect(marks(15, 30)).toBe(14);
    expect(marks(80, 30)).toBe(0);
  });

  it("has as many colours of phases as phases", () => {
    const svg = draw([Array(40).fill("linear:3").join(" > ")]);
    const tints = [...svg.matchAll(/class="phase"[^>]* fill="(.*?)"/g)].map(([, tint]) => tint);
    expect(new Set(tints).size).toBe(40);
    expect(new Set(Array.from({ length: 200 }, (_, i) => phaseTint(i))).size).toBe(200);
  });

  it("tells lines apart by colours and dashes, in the legend as in the plot", () => {
    const svg = draw(Array.from({ length: 12 }, (_, i) => `cosine:${i + 5}`));
    const styles = [...svg.matchAll(/<path d="[^"]*" class="line\d" [^>]*>/g)]
      .map(([tag]) => attributes(tag))
      .map(({ stroke, "stroke-dasharray": dashes = "" }) => `${stroke} ${dashes}`);
    expect(styles.slice(12)).toEqual(styles.slice(0, 12));
    expect(new Set(styles).size).toBe(12);
  });

  it("has its legend whole, however long", () => {
    const name = "a long name of many words, & with <signs>, ".repeat(9).trim();
    const spec = parse_spec("cosine:9");
    const curves = toCurves(
      [
        { name, spec },
        { name: "x".repeat(300), spec },
      ],
      { lr: [0.1] },
    );
    const texts = textsOf(drawPicture(toPicture(curves, { xLabel: "epoch" })));
    expect(texts.join(" ")).toContain(name);
    expect(texts.join("")).toContain("x".repeat(300));
  });

  it("draws steps as steps, and slopes as slopes", () => {
    const [steps] = linesOf(draw(["multistep(milestones=[30, 60])"]), "line0");
    const upright = steps.filter(([x], i) => i > 0 && x === steps[i - 1][0]);
    expect(upright).toHaveLength(2);
    const [slope] = linesOf(draw(["linear:10 > cosine:90"]), "line0");
    expect(slope).toHaveLength(100);
  });

  it("has a dark form of everything it paints", () => {
    const svg = draw(["linear:10 > cosine:90", "step(step_size=9)"], { log: true, title: "dark" });
    const [, dark = ""] =
      /<style>@media \(prefers-color-scheme: dark\)\{(.*?)\}<\/style>/.exec(svg) ?? [];
    for (const [tag] of svg.matchAll(/<(?:text|path|rect|circle) [^>]*>/g)) {
      const { class: name, fill, stroke, "fill-opacity": opacity } = attributes(tag);
      // What is laid on thinly serves on any ground.
      if (opacity !== undefined) continue;
      if (fill !== "none") expect(dark).toContain(`.${name}:not([fill=none]){fill:`);
      if (stroke !== undefined) expect(dark).toContain(`.${name}[stroke]{stroke:`);
    }
  });

  it("is sound XML, whatever stands in a name", () => {
    const name = '\u001b[31m\u0000 <a href="&">]]> \ud800 \u202e -->';
    const curves = toCurves([{ name, spec: parse_spec("cosine:9") }], { lr: [0.1] });
    const svg = drawPicture(toPicture(curves, { xLabel: name, title: name, label: [name] }));
    expect(() => new Resvg(svg)).not.toThrow();
    expect(svg).toContain("\\u001b[31m\\u0000 &lt;a");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
    expect(svg.slice(0, -1)).not.toMatch(/[\u0000-\u001f]/);
  });
});
