import { describe, expect, test } from "vitest";
import { PythonError } from "../../src/pytorch/emulation/python_error.ts";
import { run } from "../../src/pytorch/emulation/run.ts";
import drawn from "./fixtures/instead.json";

interface Case {
  readonly spec: { readonly type: string };
  readonly lr: readonly number[];
  readonly error?: string;
}

const STEPS = 24;
const cases = drawn.cases as readonly Case[];

describe(`what PyTorch's own schedulers do, beside PyTorch ${drawn.pytorch}`, () => {
  test(`${cases.length} random compositions give its lrs and fail where it fails`, () => {
    for (const { spec, lr, error } of cases) {
      const about = JSON.stringify(spec);
      const { lrs, failed } = run(spec, [drawn.base_lr], STEPS + 1);
      const [lrsOfGroup] = lrs;
      expect(failed?.error.kind, about).toBe(error);
      expect(lrsOfGroup.length, about).toBe(lr.length);
      const largest = Math.max(...lr.map(Math.abs), 0);
      for (const [epoch, wanted] of lr.entries()) {
        const difference = Math.abs(lrsOfGroup[epoch] - wanted);
        expect(difference, `${about} at epoch ${epoch}`).toBeLessThanOrEqual(1e-12 * largest);
      }
      if (failed) expect(failed.error).toBeInstanceOf(PythonError);
    }
  });
});
