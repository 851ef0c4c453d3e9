import * as torch from "../../src/index.ts";
import type { Spec } from "./spec.ts";

/** Names whose variables are likely to fall together, with each other or with the language's words. */
const NAMES = [
  ..."FooBar Foo_Bar Foobar FOO_BAR Step Step2 Step_2 Step2_LR Lambda None True Class Import Const".split(
    " ",
  ),
  ..."Optimizer Scheduler Math Exponential A A_ Linear2 Stepscheduler".split(" "),
];

/** Registers classes of these names, and gives a sequence of all of them among others. */
export function odd_sequence(): { spec: torch.optim.SchedulerSpec; names: readonly string[] } {
  for (const name of NAMES) {
    class Odd extends torch.optim.LRScheduler<{ lambda?: number; delete?: number }> {
      override get_lr(): number[] {
        return this.base_lrs;
      }
    }
    torch.optim.register(name, Odd);
  }
  const step = { type: "StepLR", step_size: 3 };
  const odd = NAMES.map((type, i) => (i === 0 ? { type, lambda: 1, delete: 2 } : { type }));
  const schedulers: Spec[] = [
    step,
    ...odd,
    step,
    { type: "LinearLR" },
    { type: "LinearLR" },
    ...odd,
  ];
  const milestones = schedulers.slice(1).map((_, i) => i + 1);
  const spec = { type: "SequentialLR", schedulers, milestones };
  return { spec: spec as unknown as torch.optim.SchedulerSpec, names: NAMES };
}
