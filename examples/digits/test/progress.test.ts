import { describe, expect, test } from "vitest";
import { drawBar } from "../src/progress.ts";

const LAST = { epoch: 41, lr: 0.0123, loss: 0.0345, accuracy: 0.978 };

describe("the progress bar", () => {
  test("fits in every terminal of at least 30 columns, with the epoch in full", () => {
    for (let columns = 30; columns <= 200; columns++) {
      for (const epochs of [42, 100, 100_000]) {
        const line = drawBar(42 / epochs, epochs, LAST, columns);
        expect(line.length).toBeLessThan(columns);
        expect(line).toMatch(new RegExp(`^[█░]{8,40}  epoch +42/${epochs}\\b`));
      }
    }
  });

  test("shows all figures where there is room", () => {
    expect(drawBar(0.42, 100, LAST, 120)).toMatch(
      /^[█░]{40} {2}epoch {2}42\/100 {2}lr 1\.23e-2 {2}loss 0\.0345 {2}accuracy 97\.8 %$/,
    );
  });

  test("is as full as the run is done", () => {
    const share = (progress: number) => {
      const [bar] = drawBar(progress, 100, LAST, 120).split(" ");
      return bar.replaceAll("░", "").length / bar.length;
    };
    expect([0, 0.25, 0.5, 1].map(share)).toEqual([0, 0.25, 0.5, 1]);
  });
});
