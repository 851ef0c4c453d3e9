import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import code from "../../../fixtures/lr_scheduler/code.json";
import { type Case, difference } from "../../../support/fixtures.ts";

const { LRScheduler, parse_spec, register, SpecError, to_python } = torch.optim.lr_scheduler;

interface Program extends Case {
  readonly code: string;
  /** What PyTorch ended with in place of a curve. */
  readonly error?: string;
}

const { pytorch } = code;
const programs = code.cases as unknown as Program[];

function notes_of({ code }: Program): string[] {
  return [...new Set([...code.matchAll(/# PyTorch differs: (.*)/g)].map(([, note]) => note))];
}

function differs(program: Program): boolean {
  return program.error !== undefined || difference(program) > 1e-12;
}

describe(`to_python, run in PyTorch ${pytorch}`, () => {
  test("writes the code that was run", () => {
    for (const program of programs) {
      expect(to_python(program.spec as unknown as torch.optim.SchedulerSpec)).toBe(program.code);
    }
  });

  test("gives the same curve wherever it does not say that PyTorch differs", () => {
    const same = programs.filter((program) => notes_of(program).length === 0);
    expect(same.length).toBeGreaterThan(40);
    for (const program of same) expect(differs(program), program.code).toBe(false);
  });

  test("does not say so without reason: each of its remarks is true somewhere on its own", () => {
    const remarks = new Set(programs.flatMap(notes_of));
    const alone = programs.filter((program) => notes_of(program).length === 1);
    expect(remarks.size).toBe(6);
    expect(new Set(alone.filter(differs).flatMap(notes_of))).toEqual(remarks);
  });
});

describe("to_python", () => {
  test("reads as a person would write it", () => {
    expect(to_python(parse_spec("linear:10 > cosine:90"))).toBe(
      `from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

linear = LinearLR(optimizer, total_iters=10)
cosine_annealing = CosineAnnealingLR(optimizer, T_max=90)
scheduler = SequentialLR(
    optimizer, schedulers=[linear, cosine_annealing], milestones=[10]
)
`,
    );
  });

  test("numbers those of a kind, and names classes of one's own", () => {
    class PythonicLR extends LRScheduler<{ table: unknown }> {
      override get_lr() {
        return this.base_lrs;
      }
    }
    register("PythonicLR", PythonicLR);
    expect(
      to_python(
        parse_spec('exp(gamma=0.9) + exp(gamma=1) + PythonicLR(table={"a": [true, null]})'),
      ),
    ).toBe(
      `from torch.optim.lr_scheduler import ChainedScheduler, ExponentialLR

# PythonicLR is a class of your own.
exponential = ExponentialLR(optimizer, gamma=0.9)
exponential_2 = ExponentialLR(optimizer, gamma=1)
pythonic_lr_scheduler = PythonicLR(optimizer, table={"a": [True, None]})
scheduler = ChainedScheduler(
    [exponential, exponential_2, pythonic_lr_scheduler], optimizer=optimizer
)
`,
    );
  });

  test("writes nothing for a spec that is wrong", () => {
    const spec = { type: "StepLR", step_size: "1); import os  #" };
    expect(() => to_python(spec as never)).toThrow(SpecError);
  });
});
