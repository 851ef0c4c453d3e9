import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outline } from "../src/outline.ts";
import { thin } from "../src/thin.ts";

const curves = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 1,
  maxLength: 5000,
  size: "max",
});

describe("a curve of more epochs than a drawing has columns", () => {
  it("keeps its ends and, in every column, its lowest and its highest value", () => {
    fc.assert(
      fc.property(curves, fc.integer({ min: 10, max: 300 }), (values, places) => {
        const points = thin(values, places);
        const epochs = points.map(([epoch]) => epoch);
        expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
        for (const [epoch, value] of points) expect(value).toBe(values[epoch]);
        expect(epochs[0]).toBe(0);
        expect(epochs.at(-1)).toBe(values.length - 1);
        // A column is at most as wide as there are epochs for each place.
        const width = Math.ceil(values.length / places);
        for (const extreme of [Math.max, Math.min]) {
          for (let start = 0; start + 3 * width <= values.length; start += width) {
            const inside = points.filter(([epoch]) => epoch >= start && epoch < start + 3 * width);
            const middle = values.slice(start + width, start + 2 * width);
            const found = extreme(...inside.map(([, value]) => value));
            expect(extreme(found, ...middle)).toBe(found);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is kept whole if there is room for it", () => {
    expect(thin([3, 1, 2], 3)).toEqual([
      [0, 3],
      [1, 1],
      [2, 2],
    ]);
    expect(thin(Array(599).fill(1), 200)).toHaveLength(599);
    expect(thin(Array(600).fill(1), 200).length).toBeLessThan(600);
  });
});

describe("the line of a curve", () => {
  const line = (values: readonly number[]) => outline(values, 100);

  it("goes upright where the curve steps, and on to the end where it is level", () => {
    expect(line([4, 4, 1, 1])).toEqual([
      [0, 4],
      [1, 4],
      [2, 4],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
  });

  it("goes upright where the curve restarts", () => {
    const saw = Array.from({ length: 20 }, (_, epoch) => 10 - (epoch % 10));
    const corners = line(saw);
    expect(corners).toContainEqual([10, 1]);
    expect(corners).toContainEqual([10, 10]);
    expect(corners).toHaveLength(21);
  });

  it("goes from epoch to epoch along a slope, into a level, and out of it", () => {
    const ramp = [1, 2, 3, 4, 4, 4, 3, 2, 1];
    expect(line(ramp)).toEqual(ramp.map((value, epoch) => [epoch, value]));
  });

  it("goes from epoch to epoch along a wave, however steep", () => {
    const wave = Array.from({ length: 40 }, (_, epoch) => Math.cos(epoch / 3));
    expect(line(wave)).toHaveLength(40);
  });

  it("is a point if there is one epoch", () => {
    expect(line([7])).toEqual([[0, 7]]);
  });
});
