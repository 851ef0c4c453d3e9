import { custom, number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { is_object } from "../../refusal.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { ScalingLR } from "./scaling_lr.ts";
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
export class MultiStepLR extends ScalingLR<MultiStepLROptions> {
  /** @internal */
  static override readonly option_table = option_table<Resolved<MultiStepLROptions>>(
    "MultiStepLR",
    {
      milestones: custom("a list of whole numbers from 0 on", is_list_of_epochs),
      gamma: number({ min: 0, default: 0.1 }),
    },
  );

  /** The milestones in ascending order. @internal */
  declare _ascending: readonly number[];

  declare readonly milestones: readonly number[];
  declare readonly gamma: number;

  /** @internal */
  override _set_up(): void {
    this._ascending = [...this.milestones].sort((a, b) => a - b);
  }

  /** @internal */
  override _ratio(epoch: number): number {
    const steps = count_below(this._ascending, epoch, true) - count_below(this._ascending, epoch);
    return this.gamma ** steps;
  }

  /** @internal */
  override _scale(epoch: number): number {
    return this.gamma ** count_below(this._ascending, epoch, true);
  }

  /** PyTorch keeps a count for every milestone. @internal */
  override _option_state(): object {
    const counts: Record<number, number> = {};
    for (const milestone of this.milestones) counts[milestone] = (counts[milestone] ?? 0) + 1;
    return { milestones: counts, gamma: this.gamma };
  }

  /** @internal */
  override _options_in(reader: StateReader): object {
    const milestones = reader.value("milestones");
    return { ...super._options_in(reader), milestones: to_list(milestones) };
  }
}

/** How many of the ascending `numbers` are below `bound`, or not above it if `inclusive`. */
function count_below(numbers: readonly number[], bound: number, inclusive = false): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < bound || (inclusive && numbers[middle] === bound)) low = middle + 1;
    else high = middle;
  }
  return low;
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
