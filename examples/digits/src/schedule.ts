import * as torch from "torch-optim";
import { from_spec, phase_at, type SchedulerSpec, simulate } from "torch-optim/lr_scheduler";
import { toPhases } from "torch-optim-cli/curve";
import type { RunOptions } from "./options.ts";

/** A stretch of the epochs, under the name by which history and picture know it. */
export interface Phase {
  readonly name: string;
  /** Its first epoch. */
  readonly start: number;
}

/** What drives the learning rate, and its phases from epoch 0 on. */
export interface Schedule {
  readonly scheduler: torch.optim.LRScheduler;
  readonly phases: readonly Phase[];
}

export function makeSchedule(
  optimizer: torch.optim.Optimizer,
  { epochs, schedule }: RunOptions,
): Schedule {
  return schedule ? fromSpec(optimizer, schedule, epochs) : warmupThenCosine(optimizer, epochs);
}

/** A schedule that was written down; its phases are those of its outermost sequence. */
function fromSpec(optimizer: torch.optim.Optimizer, spec: SchedulerSpec, epochs: number): Schedule {
  const { milestones } = simulate(spec, { epochs: 1 });
  return {
    scheduler: from_spec(optimizer, spec),
    phases: toPhases(spec, milestones, epochs),
  };
}

/** Linear warm-up for a tenth of the epochs, then a cosine to 0. */
function warmupThenCosine(optimizer: torch.optim.Optimizer, epochs: number): Schedule {
  const milestone = Math.max(1, Math.round(epochs / 10));
  const warmup = new torch.optim.LinearLR(optimizer, {
    start_factor: 0.1,
    total_iters: milestone,
  });
  const cosine = new torch.optim.CosineAnnealingLR(optimizer, {
    T_max: Math.max(1, epochs - milestone),
  });
  const scheduler = new torch.optim.SequentialLR(optimizer, {
    schedulers: [warmup, cosine],
    milestones: [milestone],
  });
  const phases = [
    { name: "warm-up", start: 0 },
    { name: "cosine", start: milestone },
  ];
  return { scheduler, phases };
}

/** The name of the phase of an epoch. */
export function phaseAt({ phases }: Schedule, epoch: number): string {
  const milestones = phases.slice(1).map(({ start }) => start);
  return phases[phase_at(milestones, epoch)].name;
}
