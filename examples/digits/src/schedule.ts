import * as torch from "torch-optim";
import {
  from_spec,
  phase_at,
  type Recipe,
  type SchedulerSpec,
  type Spec,
  simulate,
} from "torch-optim/lr_scheduler";
import { toPhases } from "torch-optim-cli/curve";

/** A stretch of the epochs, under the name by which history and picture know it. */
export interface Phase {
  readonly name: string;
  /** Its first epoch. */
  readonly start: number;
}

/** What moves the learning rate, alone or with other options. */
export type Driver = torch.optim.LRScheduler | Recipe;

/** What drives the learning rate, and its phases from epoch 0 on. */
export interface Schedule<Own extends Driver> {
  readonly scheduler: Own;
  readonly phases: readonly Phase[];
}

/** The schedule that was asked for, or the default one, which follows from the number of epochs. */
export function makeSchedule(
  optimizer: torch.optim.Optimizer,
  { epochs, schedule }: { readonly epochs: number; readonly schedule: SchedulerSpec | null },
): Schedule<torch.optim.LRScheduler> {
  if (!schedule) return warmupThenCosine(optimizer, epochs);
  return { scheduler: from_spec(optimizer, schedule), phases: phasesOf(schedule, epochs) };
}

/** The phases of a schedule that was written down: those of its outermost sequence. */
export function phasesOf(spec: Spec, epochs: number): Phase[] {
  const { milestones } = simulate(spec, { epochs: 1 });
  return toPhases(spec, milestones, epochs);
}

/** Linear warm-up for a tenth of the epochs, then a cosine to 0. */
function warmupThenCosine(
  optimizer: torch.optim.Optimizer,
  epochs: number,
): Schedule<torch.optim.LRScheduler> {
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
export function phaseAt({ phases }: Schedule<Driver>, epoch: number): string {
  const milestones = phases.slice(1).map(({ start }) => start);
  return phases[phase_at(milestones, epoch)].name;
}
