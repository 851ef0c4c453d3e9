import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import code from "../../../fixtures/lr_scheduler/code.json";
import { curve } from "../../../support/curve.ts";
import { type Case, difference } from "../../../support/fixtures.ts";
import { odd_sequence } from "../../../support/odd_classes.ts";
import type { Spec } from "../../../support/spec.ts";

const { LRScheduler, parse_spec, register, SpecError, to_python } = torch.optim.lr_scheduler;

interface Program extends Case {
  readonly code: string;
  /** What PyTorch ended with in place of a curve. */
  readonly error?: string;
}

const { pytorch } = code;
const programs = code.cases as unknown as Program[];

/** What a program says of where it leaves its spec, whatever numbers are in it. */
function notes_of({ code }: Program): string[] {
  const notes = [...code.matchAll(/# \w+ differs: (.*)/g)];
  return [...new Set(notes.map(([, note]) => note.replace(/epoch \d+/, "epoch")))];
}

/** Whether it has a function in place of composites, or should have one. */
function has_product({ code }: Program): boolean {
  return /LambdaLR|cannot multiply/.test(code);
}

/** Whether it goes along a curve of its own, whatever a chain has made of the lr. */
function has_own_curve({ type, factor }: Spec): boolean {
  return factor === 0 || /Sequential|WarmRestarts|Cycl|Schedule($|With)/.test(type);
}

/** A chain's members; a chain in a chain counts as its members. */
function members_of(spec: Spec): readonly Spec[] {
  return spec.type === "ChainedScheduler" ? (spec.schedulers ?? []).flatMap(members_of) : [spec];
}

/** The lr as the laws have it, for a base lr of 1: phases end to end, factors multiplied. */
function lawful(spec: Spec, epochs: number): number[] {
  const { type, schedulers = [], milestones = [] } = spec;
  const all = [...Array(epochs + 1).keys()];
  if (type === "ChainedScheduler") {
    const members = members_of(spec);
    const others = members.filter((member) => !has_own_curve(member));
    const curves = members.filter(has_own_curve).map((member) => lawful(member, epochs));
    if (others.length > 0) curves.push(curve({ type, schedulers: others }, epochs));
    return all.map((epoch) => curves.reduce((product, lrs) => product * lrs[epoch], 1));
  }
  if (type !== "SequentialLR") return curve(spec, epochs);
  const children = schedulers.map((child) => lawful(child, epochs));
  const ends = milestones as readonly number[];
  return all.map((epoch) => {
    const phase = ends.filter((end) => end <= epoch).length;
    return children[phase][epoch - (ends[phase - 1] ?? 0)];
  });
}

/** Whether PyTorch goes another way than the spec says. */
function differs(program: Program): boolean {
  if (program.error !== undefined) return true;
  if (!has_product(program)) return difference(program) > 1e-12;
  const [drawn] = program.lr;
  const largest = Math.max(...drawn);
  const wanted = lawful(program.spec, program.steps);
  return wanted.some((lr, epoch) => Math.abs(lr - drawn[epoch]) > 1e-12 * largest);
}

describe(`to_python, run in PyTorch ${pytorch}`, () => {
  test("writes the code that was run", () => {
    for (const program of programs) {
      expect(to_python(program.spec as unknown as torch.optim.SchedulerSpec)).toBe(program.code);
    }
  });

  test("gives the same curve wherever it does not say that PyTorch differs", () => {
    const same = programs.filter((program) => notes_of(program).length === 0);
    expect(same.length).toBeGreaterThan(60);
    for (const program of same) expect(differs(program), program.code).toBe(false);
  });

  test("gives a chain's product of factors where PyTorch's own would lose some", () => {
    const products = programs.filter(
      (program) => has_product(program) && notes_of(program).length === 0,
    );
    expect(products.length).toBeGreaterThan(60);
    const restarts_and_steps = (epoch: number) =>
      ((1 + Math.cos((Math.PI * (epoch % 10)) / 10)) / 2) * 0.5 ** Math.floor(epoch / 10);
    const [one, other] = products.filter(
      ({ code }) => code.includes("(epoch % 10)") && code.includes("step"),
    );
    for (const [drawn] of [one.lr, other.lr]) {
      for (const [epoch, lr] of drawn.entries()) {
        expect(lr).toBeCloseTo(restarts_and_steps(epoch), 14);
      }
    }
  });

  test("does not say so without reason: each of its remarks is true somewhere on its own", () => {
    const remarks = new Set(programs.flatMap(notes_of));
    const alone = programs.filter((program) => notes_of(program).length === 1);
    expect(remarks.size).toBe(8);
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
# PyTorch differs: it cannot multiply the factors of these: some have a curve of their own.
scheduler = ChainedScheduler(
    [exponential, exponential_2, pythonic_lr_scheduler], optimizer=optimizer
)
`,
    );
  });

  test("has a variable for each scheduler, and reserved words for none", () => {
    const { spec, names } = odd_sequence();
    const code = to_python(spec);
    const variables = [...code.matchAll(/^(\w+) = /gm)].map(([, name]) => name);
    expect(variables).toHaveLength(2 * names.length + 5);
    expect(new Set(variables).size).toBe(variables.length);
    const [, list = ""] = /schedulers=\[(.*?)\]/.exec(code) ?? [];
    expect(list.split(", ")).toEqual(variables.slice(0, -1));
    for (const name of variables)
      expect(name).toMatch(/^[a-z]\w*_scheduler(_\d+)?$|^(step|linear)(_2)?$|^scheduler$/);
    expect(code).toContain("# None_ is a class of your own.\n");
    expect(code).toContain("none_scheduler = None_(optimizer)\n");
    expect(code).toContain('foo_bar_scheduler = FooBar(optimizer, delete=2, **{"lambda": 1})\n');
  });

  test("escapes what is not seen in a text", () => {
    const note = '\u202e\u{e0041}\x9b"\ud83d';
    const spec = { type: "FooBar", note } as unknown as torch.optim.SchedulerSpec;
    expect(to_python(spec)).toContain(
      'FooBar(optimizer, note="\\U0000202e\\U000e0041\\U0000009b\\"\\ud83d")',
    );
  });

  test("writes nothing for a spec that is wrong", () => {
    const spec = { type: "StepLR", step_size: "1); import os  #" };
    expect(() => to_python(spec as never)).toThrow(SpecError);
  });
});
