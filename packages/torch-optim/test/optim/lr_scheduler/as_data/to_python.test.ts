import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import code from "../../../fixtures/lr_scheduler/code.json";
import { type Case, difference } from "../../../support/fixtures.ts";
import { odd_sequence } from "../../../support/odd_classes.ts";

const { LRScheduler, parse_spec, register, SpecError, to_python } = torch.optim.lr_scheduler;

interface Program extends Case {
  readonly code: string;
  /** What PyTorch ended with in place of a curve. */
  readonly error?: string;
}

const { pytorch } = code;
const programs = code.cases as unknown as Program[];

/** Whether the package for Python builds it, as PyTorch's own schedulers would go another way. */
function is_by_package({ code }: Program): boolean {
  return code.includes("from torch_optim import from_spec");
}

describe(`to_python, run in PyTorch ${pytorch}`, () => {
  test("writes the code that was run", () => {
    for (const program of programs) {
      expect(to_python(program.spec as unknown as torch.optim.SchedulerSpec)).toBe(program.code);
    }
  });

  test("gives the same curve, whether PyTorch's own classes stand there or the package's call", () => {
    for (const program of programs) {
      expect(program.error, program.code).toBeUndefined();
      expect(difference(program), program.code).toBeLessThanOrEqual(1e-12);
    }
    const by_package = programs.filter(is_by_package);
    expect(by_package.length).toBeGreaterThan(100);
    expect(programs.length - by_package.length).toBeGreaterThan(40);
  });

  test("writes plain PyTorch for whatever a fixture has shown PyTorch to do right", () => {
    const plain = [
      "step(step_size=3)",
      "linear:10 > cosine:90",
      "exp(gamma=0.9) + multistep(milestones=[5, 10])",
      "cyclic(base_lr=0.1, max_lr=1, step_size_up=4)",
      "onecycle:40(max_lr=1)",
      "plateau(patience=1)",
      "swa:8(swa_lr=0.05)",
      "LinearScheduleWithWarmup(num_warmup_steps=5, num_training_steps=20)",
    ];
    for (const text of plain) expect(to_python(parse_spec(text))).not.toContain("torch_optim");
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

  test("calls the package where PyTorch goes another way, in lines that end behind a phase", () => {
    expect(to_python(parse_spec("restarts:10 + step(step_size=10)"))).toBe(
      `from torch_optim import from_spec

# PyTorch's ChainedScheduler goes wrong with CosineAnnealingWarmRestarts as a member.
scheduler = from_spec(optimizer, "restarts:10 + step(step_size=10)")
`,
    );
    const long = "linear:5 > (restarts:8 + polynomial:20(power=2)):15 > (exponential(gamma=0.99)";
    expect(to_python(parse_spec(`${long} + step(step_size=3))`))).toBe(
      `from torch_optim import from_spec

# PyTorch's SequentialLR goes wrong with ChainedScheduler as a phase.
scheduler = from_spec(
    optimizer,
    "linear:5 > (restarts:8 + polynomial:20(power=2)):15 > (exponential(gamma=0.99) + "
    "step(step_size=3))",
)
`,
    );
    const alone = { type: "SequentialLR", schedulers: [{ type: "LinearLR", start_factor: 0 }] };
    expect(to_python({ ...alone, milestones: [] } as never)).toContain(
      `    '{"type":"SequentialLR","schedulers":[{"type":"LinearLR","start_factor":0}],"milestones":[]}',`,
    );
  });

  test.each([
    ["linear:10 > linear(end_factor=0.1, total_iters=0)", "LinearLR fails with total_iters=0"],
    ["linear:5(start_factor=0) > cosine:5", "LinearLR refuses to start at 0"],
    ["constant:5(factor=0)", "ConstantLR fails where a factor of 0 ends"],
    ["linear:5 > plateau", "SequentialLR goes wrong with ReduceLROnPlateau as a phase"],
    ["cyclic(base_lr=0.1, max_lr=1) + exp(gamma=0.9)", "ChainedScheduler goes wrong with CyclicLR"],
    ["cosine:5(eta_min=[0, 0.1])", "PyTorch takes one eta_min for all parameter groups"],
    ["ramp:5(end_factor=2)", "PyTorch has no RampLR"],
  ])("says why PyTorch itself does not stand for %s", (text, reason) => {
    const [, comment] = /^# (.*)\nscheduler = from_spec\(/m.exec(to_python(parse_spec(text))) ?? [];
    expect(comment).toContain(reason);
  });

  test("keeps the scheduler from Accelerate, which would step it once for every process", () => {
    const code = to_python(parse_spec("linear:10 > cosine:90"), { accelerate: true });
    expect(code).toMatch(/^from torch.optim.lr_scheduler import .*\n\n# This stands behind/);
    expect(code).toMatch(
      /\naccelerator.register_for_checkpointing\(scheduler\)\n\n\ndef step_scheduler\(\):\n/,
    );
    expect(code).toContain(
      "    if accelerator.sync_gradients and not accelerator.optimizer_step_was_skipped:\n" +
        "        scheduler.step()\n",
    );
    const judged = to_python(parse_spec("linear:10 > plateau"), { accelerate: true });
    expect(judged).toContain("def step_scheduler(metrics):");
    expect(judged).toContain("        scheduler.step(metrics)\n");
    expect(() => to_python(parse_spec("linear:10"), { accelerated: true } as never)).toThrow(
      "to_python: accelerated is not an option; the options are: accelerate",
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
# torch_optim knows no class of your own, so PyTorch's composites stand here: they have no
# starts, and factors may be lost.
exponential = ExponentialLR(optimizer, gamma=0.9)
exponential_2 = ExponentialLR(optimizer, gamma=1)
pythonic_lr_scheduler = PythonicLR(optimizer, table={"a": [True, None]})
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
