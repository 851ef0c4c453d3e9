import {
  boolean,
  type Field,
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
import type { LRs } from "./motion.ts";
import { type PerGroup, shared, value_of } from "./per_group.ts";
import type { SchedulerState, StateReader } from "./scheduler_state.ts";

/** Options of `OneCycleLR`. */
export interface OneCycleLROptions extends LRSchedulerOptions {
  /** The highest lr, at least 0: one, or a list with one for each parameter group. */
  max_lr: PerGroup;
  /** The number of steps of the cycle, a whole number of at least 1; or give the next two. */
  total_steps?: number | null;
  /** With `steps_per_epoch`: `total_steps = epochs · steps_per_epoch`. */
  epochs?: number | null;
  /** With `epochs`: the number of steps of each. */
  steps_per_epoch?: number | null;
  /** The share of the cycle in which the lr rises, from 0 to 1. Default 0.3. */
  pct_start?: number;
  /** How the lr moves within a part of the cycle. Default `"cos"`. */
  anneal_strategy?: "cos" | "linear";
  /** Whether momentum (beta1) falls while the lr rises, and back. Default true. */
  cycle_momentum?: boolean;
  /** The lowest momentum: one, or a list with one for each parameter group. Default 0.85. */
  base_momentum?: PerGroup;
  /** The highest momentum: one, or a list with one for each parameter group. Default 0.95. */
  max_momentum?: PerGroup;
  /** The first lr is `max_lr / div_factor`. Above 0; default 25. */
  div_factor?: number;
  /** The last lr is the first one divided by this. Above 0; default 10000. */
  final_div_factor?: number;
  /** Whether the lr falls as it rose first, and only then to the last lr. Default false. */
  three_phase?: boolean;
}

/** A part of the cycle: between which lrs and momenta it moves. */
interface Part {
  readonly from: Height;
  readonly to: Height;
  readonly momentum_from: Height;
  readonly momentum_to: Height;
}

type Height = "low" | "high" | "last";

const RISE: Part = { from: "low", to: "high", momentum_from: "high", momentum_to: "low" };
const TWO_PARTS: readonly Part[] = [
  RISE,
  { from: "high", to: "last", momentum_from: "low", momentum_to: "high" },
];
const THREE_PARTS: readonly Part[] = [
  RISE,
  { from: "high", to: "low", momentum_from: "low", momentum_to: "high" },
  { from: "low", to: "last", momentum_from: "high", momentum_to: "high" },
];

/**
 * Moves the lr up to `max_lr` and down to almost nothing, in one cycle of `total_steps` steps;
 * meant to be stepped after every batch.
 *
 * Each part of the cycle goes from `a` to `b` as `b + (a - b) / 2 · (1 + cos(π · p))`, or
 * linearly, with `p` from 0 to 1: from `max_lr / div_factor` up to `max_lr` until step
 * `pct_start · total_steps - 1`, then down to `max_lr / div_factor / final_div_factor`. Momentum
 * moves against the lr.
 *
 * As in PyTorch, it takes one step past its last epoch and refuses the next, moving nothing.
 *
 * Source: Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large
 * Learning Rates" (https://arxiv.org/abs/1708.07120); `torch.optim.lr_scheduler.OneCycleLR`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * const scheduler = new torch.optim.OneCycleLR(optimizer, { max_lr: 0.1, total_steps: 1000 });
 * ```
 */
export class OneCycleLR extends CycledMomentumLR<OneCycleLROptions> {
  static override readonly option_table = option_table<Resolved<OneCycleLROptions>>("OneCycleLR", {
    max_lr: per_group(number({ min: 0 })) as Field<PerGroup>,
    total_steps: nullable(whole_number({ min: 1 })),
    epochs: nullable(whole_number({ min: 1 })),
    steps_per_epoch: nullable(whole_number({ min: 1 })),
    pct_start: number({ min: 0, max: 1, default: 0.3 }),
    anneal_strategy: one_of(["cos", "linear"], "cos"),
    cycle_momentum: boolean(true),
    base_momentum: per_group(number({ min: 0, default: 0.85 })),
    max_momentum: per_group(number({ min: 0, default: 0.95 })),
    div_factor: number({ above: 0, default: 25 }),
    final_div_factor: number({ above: 0, default: 1e4 }),
    three_phase: boolean(false),
  });

  static override readonly formula = (scheduler: OneCycleLR) =>
    new OneCycleMotion(scheduler, FORMULA);

  declare max_lr: PerGroup;
  /** The number of steps of the cycle. */
  declare total_steps: number;
  declare pct_start: number;
  declare anneal_strategy: NonNullable<OneCycleLROptions["anneal_strategy"]>;
  declare div_factor: number;
  declare final_div_factor: number;
  declare three_phase: boolean;

  /** The highest lr of every group. */
  get max_lrs(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.max_lr, g));
  }
}

const FORMULA: Cycling<OneCycleLR> = {
  base_lr: ({ max_lr, div_factor }, g) => value_of(max_lr, g) / div_factor,
  lr(scheduler, step, g) {
    const i = part_at(scheduler, step);
    const { from, to } = parts_of(scheduler)[i];
    const progress = progress_of(scheduler, i, step);
    return anneal(scheduler, lr_at(scheduler, from, g), lr_at(scheduler, to, g), progress);
  },
  momentum(scheduler, step, g) {
    const i = part_at(scheduler, step);
    const { momentum_from, momentum_to } = parts_of(scheduler)[i];
    const from = momentum_at(scheduler, momentum_from, g);
    const to = momentum_at(scheduler, momentum_to, g);
    return anneal(scheduler, from, to, progress_of(scheduler, i, step));
  },
};

class OneCycleMotion extends CyclingMotion<OneCycleLR> {
  override prepare(): void {
    super.prepare();
    const { scheduler } = this;
    const { epochs, steps_per_epoch } = scheduler.options;
    const total_steps = scheduler.options.total_steps ?? (epochs ?? 0) * (steps_per_epoch ?? 0);
    if (total_steps === 0) {
      throw new TypeError(
        "OneCycleLR: total_steps must be a whole number of at least 1, or epochs and " +
          "steps_per_epoch must be given, got neither",
      );
    }
    const { pct_start } = scheduler;
    if (pct_start * total_steps <= 1) {
      throw new RangeError(
        "OneCycleLR: pct_start must be above 1 / total_steps, so that the lr has a step to rise, " +
          `got ${pct_start} with ${total_steps} steps`,
      );
    }
    scheduler.total_steps = total_steps;
  }

  override at(step: number): LRs {
    const { total_steps } = this.scheduler;
    if (step > total_steps) {
      throw new RangeError(
        `OneCycleLR: step ${step} is past the end of the cycle, total_steps is ${total_steps}`,
      );
    }
    return super.at(step);
  }

  /** PyTorch keeps what it needs of the options in the parameter groups; here it is in the state. */
  override option_state(): SchedulerState {
    const { scheduler } = this;
    const { pct_start, anneal_strategy, div_factor, final_div_factor, three_phase } = scheduler;
    return {
      total_steps: scheduler.total_steps,
      _schedule_phases: parts_of(scheduler).map((part, i) =>
        phase_state(part, end_of(scheduler, i)),
      ),
      _anneal_func_type: anneal_strategy,
      ...momentum_state(scheduler),
      max_lrs: scheduler.max_lrs,
      pct_start,
      div_factor,
      final_div_factor,
      three_phase,
    };
  }

  /** What PyTorch's states leave out stays what the constructor was given. */
  override options_in(reader: StateReader): object {
    const { scheduler } = this;
    const { max_lr, pct_start, div_factor, final_div_factor, three_phase } = scheduler;
    const known = (key: string, own: unknown) => (reader.has(key) ? reader.value(key) : own);
    return {
      max_lr: shared(known("max_lrs", max_lr)),
      total_steps: reader.value("total_steps"),
      pct_start: known("pct_start", pct_start),
      anneal_strategy: reader.value("_anneal_func_type"),
      ...momentum_options_in(scheduler, reader),
      div_factor: known("div_factor", div_factor),
      final_div_factor: known("final_div_factor", final_div_factor),
      three_phase: known("three_phase", three_phase),
    };
  }

  override load(reader: StateReader): void {
    super.load(reader);
    reader.checked("last_epoch", number({ min: -1, max: this.scheduler.total_steps }));
  }
}

function parts_of({ three_phase }: OneCycleLR): readonly Part[] {
  return three_phase ? THREE_PARTS : TWO_PARTS;
}

/** The last step of a part. */
function end_of({ pct_start, three_phase, total_steps }: OneCycleLR, i: number): number {
  if (i === 0) return pct_start * total_steps - 1;
  return i === 1 && three_phase ? 2 * pct_start * total_steps - 2 : total_steps - 1;
}

/** The part of a step; the last one goes on past its end. */
function part_at(scheduler: OneCycleLR, step: number): number {
  const last = parts_of(scheduler).length - 1;
  let i = 0;
  while (i < last && step > end_of(scheduler, i)) i += 1;
  return i;
}

/** How much of a part is done at a step. */
function progress_of(scheduler: OneCycleLR, i: number, step: number): number {
  const start = i === 0 ? 0 : end_of(scheduler, i - 1);
  const end = end_of(scheduler, i);
  return end === start ? 1 : (step - start) / (end - start);
}

function lr_at({ max_lr, base_lrs, final_div_factor }: OneCycleLR, height: Height, g: number) {
  if (height === "high") return value_of(max_lr, g);
  return height === "low" ? base_lrs[g] : base_lrs[g] / final_div_factor;
}

function momentum_at({ base_momentum, max_momentum }: OneCycleLR, height: Height, g: number) {
  return value_of(height === "low" ? base_momentum : max_momentum, g);
}

function anneal(
  { anneal_strategy }: OneCycleLR,
  from: number,
  to: number,
  progress: number,
): number {
  if (anneal_strategy === "linear") return (to - from) * progress + from;
  return to + ((from - to) / 2) * (Math.cos(Math.PI * progress) + 1);
}

/** A part as PyTorch writes it. */
function phase_state(part: Part, end_step: number): SchedulerState {
  const lr = { low: "initial_lr", high: "max_lr", last: "min_lr" };
  const momentum = { low: "base_momentum", high: "max_momentum", last: "max_momentum" };
  return {
    end_step,
    start_lr: lr[part.from],
    end_lr: lr[part.to],
    start_momentum: momentum[part.momentum_from],
    end_momentum: momentum[part.momentum_to],
  };
}
