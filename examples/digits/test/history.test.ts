import { readFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { beforeAll, describe, expect, test } from "vitest";
import { type Epoch, toCsv } from "../src/history.ts";
import { drawHistory } from "../src/picture.ts";
import { type Outcome, run, temporaryFolder } from "./support/program.ts";

const FOLDER = temporaryFolder();
const EPOCHS = 100;
const MILESTONE = 10;

/** The lr of the defaults: a line from a tenth of 0.03 up to it, then half a cosine down to 0. */
function plannedLr(epoch: number): number {
  if (epoch < MILESTONE) return 0.03 * (0.1 + (0.9 * epoch) / MILESTONE);
  return 0.015 * (1 + Math.cos((Math.PI * (epoch - MILESTONE)) / (EPOCHS - MILESTONE)));
}

/** The texts in a picture. */
function textsOf(svg: string): string[] {
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  return texts.map((text) =>
    text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  );
}

/** A history that falls from a loss of 1. */
function historyOf(epochs: number): Epoch[] {
  return Array.from({ length: epochs }, (_, epoch) => ({
    epoch,
    phase: 'a "quoted", long\nname',
    lr: 0.1 / (3 + epoch),
    loss: 1 / (1 + epoch),
    accuracy: 0.9,
  }));
}

describe("a run with the defaults", () => {
  let outcome: Outcome;

  beforeAll(async () => {
    outcome = await run(["--out", FOLDER]);
  });

  test("recognises 97 % of the digits that were held out", () => {
    expect(outcome).toMatchObject({ end: 0, stderr: "" });
    const [, accuracy] = /Held-out accuracy: (.*) %/.exec(outcome.stdout) ?? [];
    expect(Number(accuracy)).toBeGreaterThanOrEqual(97);
  });

  test("prints a plain line for every epoch where there is no terminal", () => {
    const lines = outcome.stdout.split("\n").filter((line) => line.startsWith("epoch"));
    expect(lines).toHaveLength(EPOCHS);
    for (const [i, line] of lines.entries()) {
      const figures =
        /^epoch +(\d+)\/100 {2}lr \d\.\d\de-\d {2}loss \d\.\d{4} {2}accuracy \d+\.\d %$/;
      expect(figures.exec(line)?.[1]).toBe(String(i + 1));
    }
  });

  test("leaves its history as CSV, with the lr of its schedule", () => {
    const rows = csvParse(readFileSync(join(FOLDER, "history.csv"), "utf8"));
    expect(rows.columns).toEqual(["epoch", "phase", "lr", "loss", "accuracy"]);
    expect(rows).toHaveLength(EPOCHS);
    for (const [epoch, row] of rows.entries()) {
      expect(row.epoch).toBe(String(epoch));
      expect(row.phase).toBe(epoch < MILESTONE ? "warm-up" : "cosine");
      expect(Math.abs(Number(row.lr) - plannedLr(epoch))).toBeLessThan(1e-12 * 0.03);
    }
    expect(Number(rows[EPOCHS - 1].loss)).toBeLessThan(Number(rows[0].loss) / 100);
    const last = `${(100 * Number(rows[EPOCHS - 1].accuracy)).toFixed(1)} %`;
    expect(outcome.stdout).toContain(`Held-out accuracy: ${last}\n`);
  });

  test("leaves its picture as SVG, and says where all is", () => {
    expect(textsOf(readFileSync(join(FOLDER, "history.svg"), "utf8"))).toEqual(
      expect.arrayContaining([
        "warm-up",
        "cosine",
        "milestone 10",
        "learning rate",
        "training loss",
        "held-out accuracy",
        "epoch",
      ]),
    );
    for (const file of ["history.csv", "history.svg", "checkpoint.json"]) {
      expect(outcome.stdout).toContain(` ${join(FOLDER, file)}\n`);
    }
  });
});

describe("a history", () => {
  test("is read back from CSV, number for number, whatever its phases are called", () => {
    const history = historyOf(5);
    const rows = csvParse(toCsv(history), ({ epoch, phase, lr, loss, accuracy }) => ({
      epoch: Number(epoch),
      phase,
      lr: Number(lr),
      loss: Number(loss),
      accuracy: Number(accuracy),
    }));
    expect([...rows]).toEqual(history);
  });

  test("is drawn with every phase that was reached, whatever it is called", () => {
    const names = ["warm-up", "step", "step", "<b> & co.", "…", "ünïcode", "7th", "8th", "9th"];
    const phases = names.map((name, i) => ({ name, start: 100 * i }));
    const svg = drawHistory(historyOf(750), phases);
    const texts = textsOf(svg);
    expect(texts.filter((text) => names.includes(text))).toEqual(names.slice(0, 8));
    const labels = [...svg.matchAll(/class="faint"[^>]*>(?:milestone )?(\d+)</g)];
    expect(labels.map(([, milestone]) => Number(milestone))).toEqual([
      100, 200, 300, 400, 500, 600, 700,
    ]);
    const tints = [...svg.matchAll(/class="phase"[^>]* fill="(.*?)"/g)].map(([, tint]) => tint);
    expect(new Set(tints).size).toBe(8);
    // Three panels, each with all of them.
    expect(tints).toHaveLength(3 * 8);
  });

  test("is drawn with its axes' titles below each other", () => {
    const svg = drawHistory(historyOf(50), [{ name: "all", start: 0 }]);
    const titles = ["learning rate", "training loss", "held-out accuracy"].map(
      (title) => new RegExp(`<text x="([\\d.]+)"[^>]*rotate[^>]*>${title}<`).exec(svg)?.[1],
    );
    expect(titles[0]).toMatch(/^[\d.]+$/);
    expect(new Set(titles).size).toBe(1);
  });

  test.each([
    ["a single epoch", historyOf(1)],
    ["a loss of 0, which a log scale cannot show", [{ ...historyOf(1)[0], loss: 0 }]],
  ])("of %s is drawn as points", (_what, history) => {
    const svg = drawHistory(history, [{ name: "all", start: 0 }]);
    expect(svg.match(/<circle cx="[\d.]+" cy="[\d.]+"/g)).toHaveLength(3);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});
