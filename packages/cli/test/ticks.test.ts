import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochTicks, valueScale, valueTicks } from "../src/ticks.ts";

/** Seven units for a letter, as in a font of fixed width. */
const measure = (label: string) => 7 * label.length;

function decadesOf(values: readonly number[], most = 100): string[] {
  return valueTicks(valueScale(values, { log: true }), 5, most).map(({ label }) => label);
}

describe("the ticks of the epochs' axis", () => {
  it("are whole epochs from 0 to the end, whose labels stand apart", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 150, max: 1500 }),
        (epochs, length) => {
          const ticks = epochTicks(epochs, length, measure);
          expect(ticks[0].value).toBe(0);
          expect(ticks[ticks.length - 1].value).toBe(epochs);
          let free = Number.NEGATIVE_INFINITY;
          for (const { value, label } of ticks) {
            expect(Number.isInteger(value)).toBe(true);
            const middle = (value / epochs) * length;
            expect(middle - measure(label) / 2).toBeGreaterThan(free);
            free = middle + measure(label) / 2;
          }
        },
      ),
    );
  });

  it("say which epoch they mark", () => {
    const labels = (epochs: number) => epochTicks(epochs, 600, measure).map(({ label }) => label);
    expect(labels(100).slice(-2)).toEqual(["90", "100"]);
    expect(labels(5)).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect(labels(1)).toEqual(["0", "1"]);
    expect(labels(90_000)).toContain("50k");
    expect(labels(90_000).at(-1)).toBe("90k");
    expect(labels(12_345).at(-1)).toBe("12.345k");
    expect(labels(2_500_000).at(-1)).toBe("2.5M");
  });
});

describe("the ticks of a value's axis", () => {
  it("are round numbers around the values", () => {
    const scale = valueScale([0.013, 0.096]);
    expect(scale.domain()).toEqual([0, 0.1]);
    expect(valueTicks(scale, 5, 9).map(({ label }) => label)).toEqual([
      "0.00",
      "0.02",
      "0.04",
      "0.06",
      "0.08",
      "0.10",
    ]);
    expect(valueTicks(valueScale([3e-4]), 3, 9).at(-1)?.label).toBe("3e-4");
  });

  it("need no difference among the values, nor any", () => {
    for (const values of [[0], [0.5], [0.5, 0.5], [-1]]) {
      for (const zero of [true, false]) {
        const [low, high] = valueScale(values, { zero }).domain();
        expect(low).toBeLessThan(high);
      }
    }
  });

  it("are every decade of a logarithmic axis, in one format", () => {
    expect(decadesOf([0.1, 0.001])).toEqual(["0.001", "0.01", "0.1"]);
    expect(decadesOf([0.03, 3e-6])).toEqual(["1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1"]);
    expect(decadesOf([1, 1000])).toEqual(["1", "10", "100", "1000"]);
    expect(decadesOf([1, 1e5])).toEqual(["1e0", "1e1", "1e2", "1e3", "1e4", "1e5"]);
  });

  it("are decades evenly apart where there is no room for every one", () => {
    expect(decadesOf([1e-9, 1], 5)).toEqual(["1e-8", "1e-6", "1e-4", "1e-2", "1e0"]);
  });

  it("take no account on a logarithmic axis of what rounding has left of 0", () => {
    expect(decadesOf([0.1, 0.01, 1e-19, 0])).toEqual(["0.01", "0.1"]);
    expect(decadesOf([0.1, 0])).toEqual(["0.01", "0.1"]);
  });
});
