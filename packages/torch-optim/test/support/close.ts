import { expect } from "vitest";

const CLOSE = 1e-12;

/** Expects the same data, with every number within `tolerance` of the unit. */
export function expect_close<T>(
  actual: T,
  expected: T,
  unit: number,
  about: string,
  tolerance = CLOSE,
): void {
  if (typeof actual === "number" && typeof expected === "number") {
    expect(Math.abs(actual - expected), about).toBeLessThanOrEqual(tolerance * unit);
  } else if (typeof expected === "object" && expected !== null) {
    const wanted = { ...expected } as Record<string, unknown>;
    const found = { ...actual } as Record<string, unknown>;
    expect(Object.keys(found), about).toEqual(Object.keys(wanted));
    for (const key of Object.keys(wanted)) {
      expect_close(found[key], wanted[key], unit, `${about}: ${key}`, tolerance);
    }
  } else {
    expect(actual, about).toBe(expected);
  }
}
