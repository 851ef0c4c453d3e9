import {
  boolean,
  FINITE,
  type Field,
  func,
  nullable,
  number,
  one_of,
  per_group,
  whole_number,
} from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import {
  CycledMomentumLR,
  type Cycling,
  CyclingMotion,
  momentum_options_in,
  momentum_state,
} from "./cycled_momentum_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { type PerGroup, shared, value_of } from "./per_group.ts";
import type { SchedulerState, StateReader } from "./scheduler_state.ts";

/** Options of `CyclicLR`. */
export interface CyclicLROptions extends LRSchedulerOptions {
  /** The lowest lr of a cycle, at least 0: one, or a list with one for each parameter group. */
  base_lr: PerGroup;
  /** The highest lr of a cycle, at least 0: one, or a list with one for each parameter group. */
  max_lr: PerGroup;
  /** The number of epochs of the rising half, a whole number of at least 1. Default 2000. */
  step_size_up?: number;
  /** The number of epochs of the falling half. Default null: as many as of the rising one. */
  step_size_down?: number | null;
  /**
   * How the height changes: `"triangular"` not at all, `"triangular2"` halves it every cycle,
   * `"exp_range"` multiplies it by `gamma` every epoch. Default `"triangular"`.
   */
  mode?: "triangular" | "triangular2" | "exp_range";
  /** The factor of `"exp_range"`, at least 0. Default 1. */
  gamma?: number;
  /** Gives the height's factor in place of `mode`, from what `scale_mode` says. Default null. */
  scale_fn?: ((x: number) => number) | null;
  /** What `scale_fn` takes: the number of the cycle, from 1 on, or the epoch. Default `"cycle"`. */
  scale_mode?: "cycle" | "iterations";
  /** Whether momentum (beta1) falls while the lr rises, and back. Default true. */
  cycle_momentum?: boolean;
  /** The lowest momentum: one, or a list with one for each parameter group. Default 0.8. */
  base_momentum?: PerGroup;
  /** The highest momentum: one, or a list with one for each parameter group. Default 0.9. */
  max_momentum?: PerGroup;
}

/**
 * Moves the lr up and down between `base_lr` and `max_lr`, linearly.
 *
 * With `cycle = floor(1 + t / size)`, `size = step_size_up + step_size_down`, and `h(t)` from 0 at
 * a cycle's ends to 1 at its top:
 * `lr(t) = base_lr + (max_lr - base_lr) · h(t) · scale`,
 * `momentum(t) = max_momentum - (max_momentum - base_momentum) · h(t) · scale`.
 *
 * Source: Smith, "Cyclical Learning Rates for Training Neural Networks"
 * (https://arxiv.org/abs/1506.01186); `torch.optim.lr_scheduler.CyclicLR`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * // 0.1 0.55 1 0.55 0.1 …
 * const scheduler = new torch.optim.CyclicLR(optimizer, { base_lr: 0.1, max_lr: 1, step_size_up: 2 });
 * ```
 */
export class CyclicLR extends CycledMomentumLR<CyclicLROptions> {
  static override readonly option_table = option_table<Resolved<CyclicLROptions>>("CyclicLR", {
    base_lr: per_group(number({ min: 0 })) as Field<PerGroup>,
    max_lr: per_group(number({ min: 0 })),
    step_size_up: whole_number({ min: 1, default: 2000 }),
    step_size_down: nullable(whole_number({ min: 0 })),
    mode: one_of(["triangular", "triangular2", "exp_range"], "triangular"),
    gamma: number({ min: 0, default: 1 }),
    scale_fn: nullable(func<(x: number) => number>()),
    scale_mode: one_of(["cycle", "iterations"], "cycle"),
    cycle_momentum: boolean(true),
    base_momentum: per_group(number({ min: 0, default: 0.8 })),
    max_momentum: per_group(number({ min: 0, default: 0.9 })),
  });

  static override readonly formula = (scheduler: CyclicLR) => new CyclicMotion(scheduler, FORMULA);

  declare base_lr: PerGroup;
  declare max_lr: PerGroup;
  declare step_size_up: number;
  declare step_size_down: number | null;
  declare mode: NonNullable<CyclicLROptions["mode"]>;
  declare gamma: number;
  declare scale_fn: ((x: number) => number) | null;
  declare scale_mode: NonNullable<CyclicLROptions["scale_mode"]>;

  /** The highest lr of every group. */
  get max_lrs(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.max_lr, g));
  }

  /** The number of epochs of a cycle. */
  get total_size(): number {
    const { step_size_up, step_size_down } = this;
    return step_size_up + (step_size_down ?? step_size_up);
  }

  /** The rising half's share of a cycle. */
  get step_ratio(): number {
    return this.step_size_up / this.total_size;
  }
}

const FORMULA: Cycling<CyclicLR> = {
  base_lr: ({ base_lr }, g) => value_of(base_lr, g),
  lr(scheduler, epoch, g) {
    const base_lr = scheduler.base_lrs[g];
    const height = value_of(scheduler.max_lr, g) - base_lr;
    return base_lr + height * rise(scheduler, epoch) * scale(scheduler, epoch);
  },
  momentum(scheduler, epoch, g) {
    const max_momentum = value_of(scheduler.max_momentum, g);
    const height = max_momentum - value_of(scheduler.base_momentum, g);
    return max_momentum - height * rise(scheduler, epoch) * scale(scheduler, epoch);
  },
};

/** How far up its triangle an epoch stands, from 0 to 1. */
function rise(scheduler: CyclicLR, epoch: number): number {
  const { step_ratio, total_size } = scheduler;
  const x = 1 + epoch / total_size - cycle(scheduler, epoch);
  return x <= step_ratio ? x / step_ratio : (x - 1) / (step_ratio - 1);
}

function scale(scheduler: CyclicLR, epoch: number): number {
  const { mode, gamma, scale_fn, scale_mode } = scheduler;
  if (scale_fn) return scale_fn(scale_mode === "cycle" ? cycle(scheduler, epoch) : epoch);
  if (mode === "triangular2") return 1 / 2 ** (cycle(scheduler, epoch) - 1);
  return mode === "exp_range" ? gamma ** epoch : 1;
}

function cycle({ total_size }: CyclicLR, epoch: number): number {
  return Math.floor(1 + epoch / total_size);
}

class CyclicMotion extends CyclingMotion<CyclicLR> {
  override option_state(): SchedulerState {
    const { max_lrs, total_size, step_ratio, mode, gamma, scale_fn, scale_mode } = this.scheduler;
    const own_mode = mode === "exp_range" ? "iterations" : "cycle";
    return {
      max_lrs,
      total_size,
      step_ratio,
      mode,
      gamma,
      scale_mode: scale_fn ? scale_mode : own_mode,
      ...momentum_state(this.scheduler),
      _scale_fn_custom: null,
    };
  }

  override options_in(reader: StateReader): object {
    const total_size = reader.checked("total_size", FINITE);
    const step_size_up = Math.round(total_size * reader.checked("step_ratio", FINITE));
    return {
      base_lr: shared(reader.value("base_lrs")),
      max_lr: shared(reader.value("max_lrs")),
      step_size_up,
      step_size_down: total_size - step_size_up,
      mode: reader.value("mode"),
      gamma: reader.value("gamma"),
      scale_fn: this.scheduler.scale_fn,
      scale_mode: reader.value("scale_mode"),
      ...momentum_options_in(this.scheduler, reader),
    };
  }
}
