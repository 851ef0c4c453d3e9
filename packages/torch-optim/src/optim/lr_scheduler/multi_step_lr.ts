import { custom, number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { is_object } from "../../refusal.ts";
import { FormulaLR, type Scaling, ScalingMotion } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { phase_at } from "./phase_at.ts";
import type { StateReader } from "./scheduler_state.ts";

/** Options of `MultiStepLR`. */
export interface MultiStepLROptions extends LRSchedulerOptions {
  /** The epochs of the steps, whole numbers from 0 on; one given twice counts twice. */
  milestones: readonly number[];
  /** The factor of every step, at least 0. Default 0.1. */
  gamma?: number;
}

/**
 * Multiplies the lr by `gamma` at each of the `milestones`.
 *
 * `lr(t) = base_lr · gamma^n(t)`, with `n(t)` the number of milestones up to `t`.
 *
 * Source: `torch.optim.lr_scheduler.MultiStepLR`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 1 0.5 0.5 0.25 …
 * const scheduler = new torch.optim.MultiStepLR(optimizer, { milestones: [2, 4], gamma: 0.5 });
 * ```
 */
export class MultiStepLR extends FormulaLR<MultiStepLROptions> {
  static override readonly option_table = option_table<Resolved<MultiStepLROptions>>(
    "MultiStepLR",
    {
      milestones: custom("a list of whole numbers from 0 on", is_list_of_epochs),
      gamma: number({ min: 0, default: 0.1 }),
    },
  );

  static override readonly formula = (scheduler: MultiStepLR) => new MultiStepMotion(scheduler);

  declare milestones: readonly number[];
  declare gamma: number;
}

const FORMULA: Scaling<MultiStepLR> = {
  factor: (scheduler, epoch) => scheduler.gamma ** steps_up_to(scheduler, epoch),
  ratio: (scheduler, epoch) =>
    scheduler.gamma ** (steps_up_to(scheduler, epoch) - steps_up_to(scheduler, epoch - 1)),
};

class MultiStepMotion extends ScalingMotion<MultiStepLR> {
  constructor(scheduler: MultiStepLR) {
    super(scheduler, FORMULA);
  }

  /** PyTorch keeps a count for every milestone. */
  override option_state(): object {
    const { milestones, gamma } = this.scheduler;
    const counts: Record<number, number> = {};
    for (const milestone of milestones) counts[milestone] = (counts[milestone] ?? 0) + 1;
    return { milestones: counts, gamma };
  }

  override options_in(reader: StateReader): object {
    return { milestones: to_list(reader.value("milestones")), gamma: reader.value("gamma") };
  }
}

/** The milestones in ascending order, by the list that they were sorted from. */
const ascending = new WeakMap<readonly number[], readonly number[]>();

/** How many milestones there are up to an epoch. */
function steps_up_to({ milestones }: MultiStepLR, epoch: number): number {
  const sorted = ascending.get(milestones) ?? [...milestones].sort((a, b) => a - b);
  ascending.set(milestones, sorted);
  return phase_at(sorted, epoch);
}

function is_list_of_epochs(value: unknown): boolean {
  return Array.isArray(value) && value.every((epoch) => Number.isSafeInteger(epoch) && epoch >= 0);
}

/** How many milestones a state may count: a few digits must not fill the memory. */
const MOST = 1e6;

/** The list behind a count for every milestone; anything else as it is, for the option's check. */
function to_list(milestones: unknown): unknown {
  if (!is_object(milestones)) return milestones;
  const counts = Object.entries(milestones);
  const is_counted = counts.every(([, count]) => Number.isSafeInteger(count) && count > 0);
  if (!is_counted || counts.reduce((sum, [, count]) => sum + count, 0) > MOST) return milestones;
  return counts.flatMap(([milestone, count]) => Array<number>(count).fill(Number(milestone)));
}
