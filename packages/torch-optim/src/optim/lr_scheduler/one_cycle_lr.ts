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
import type { SchedulableGroup } from "../param_group.ts";
import { CyclingLR, type PerGroup, shared, value_of } from "./cycling_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
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

/** A part of the cycle: its last step, and between which lrs and momenta it moves. */
interface Part {
  readonly end: number;
  readonly from: Height;
  readonly to: Height;
  readonly momentum_from: Height;
  readonly momentum_to: Height;
}

type Height = "low" | "high" | "last";

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
export class OneCycleLR extends CyclingLR<OneCycleLROptions> {
  /** @internal */
  static override readonly option_table = option_table<Resolved<OneCycleLROptions>>("OneCycleLR", {
    max_lr: per_group(number({ min: 0 })) as Field<PerGroup>,
    total_steps: nullable(whole_number({ min: 1 })),
    epochs: nullable(whole_number({ min: 1 })),
    steps_per_epoch: nullable(whole_number({ min: 1 })),
    pct_start: number({ min: 0, max: 1, default: 0.3 }),
    anneal_strategy: one_of(["cos", "linear"], "cos"),
    cycle_momentum: boolean(true),
    base_momentum: per_group(number({ min: 0, max: 1, default: 0.85 })),
    max_momentum: per_group(number({ min: 0, max: 1, default: 0.95 })),
    div_factor: number({ above: 0, default: 25 }),
    final_div_factor: number({ above: 0, default: 1e4 }),
    three_phase: boolean(false),
  });

  declare readonly max_lr: PerGroup;
  /** The number of steps of the cycle. */
  declare total_steps: number;
  declare readonly pct_start: number;
  declare readonly anneal_strategy: NonNullable<OneCycleLROptions["anneal_strategy"]>;
  declare readonly div_factor: number;
  declare readonly final_div_factor: number;
  declare readonly three_phase: boolean;
  /** @internal */
  declare _parts: readonly Part[];

  /** The highest lr of every group. */
  get max_lrs(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.max_lr, g));
  }

  /** @internal */
  override _set_up(): void {
    super._set_up();
    const { pct_start, three_phase } = this;
    const { epochs, steps_per_epoch } = this.options;
    const total_steps = this.options.total_steps ?? (epochs ?? 0) * (steps_per_epoch ?? 0);
    if (total_steps === 0) {
      throw new TypeError(
        "OneCycleLR: total_steps must be a whole number of at least 1, or epochs and " +
          "steps_per_epoch must be given, got neither",
      );
    }
    if (pct_start * total_steps <= 1) {
      throw new RangeError(
        "OneCycleLR: pct_start must be above 1 / total_steps, so that the lr has a step to rise, " +
          `got ${pct_start} with ${total_steps} steps`,
      );
    }
    this.total_steps = total_steps;
    this._parts = parts_of(pct_start, three_phase, total_steps);
  }

  /** @internal */
  override _read_base_lr(_group: SchedulableGroup, g: number): number {
    return value_of(this.max_lr, g) / this.div_factor;
  }

  /** @internal */
  override _seek(epoch: number): void {
    this._check_epoch(epoch);
    super._seek(epoch);
  }

  /** @internal */
  override _check_epoch(step: number): void {
    if (step > this.total_steps) {
      throw new RangeError(
        `OneCycleLR: step ${step} is past the end of the cycle, total_steps is ${this.total_steps}`,
      );
    }
  }

  /** @internal */
  override _closed_form(step: number, g: number): number {
    const i = this._part_at(step);
    const { from, to } = this._parts[i];
    return this._anneal(this._lr_at(from, g), this._lr_at(to, g), this._progress(i, step));
  }

  /** @internal */
  override _momentum_at(step: number, g: number): number {
    const i = this._part_at(step);
    const { momentum_from: from, momentum_to: to } = this._parts[i];
    return this._anneal(
      this._momentum_of(from, g),
      this._momentum_of(to, g),
      this._progress(i, step),
    );
  }

  /** The part of a step; the last one goes on past its end. @internal */
  _part_at(step: number): number {
    const last = this._parts.length - 1;
    let i = 0;
    while (i < last && step > this._parts[i].end) i += 1;
    return i;
  }

  /** How much of a part is done at a step. @internal */
  _progress(i: number, step: number): number {
    const start = i === 0 ? 0 : this._parts[i - 1].end;
    const { end } = this._parts[i];
    return end === start ? 1 : (step - start) / (end - start);
  }

  /** @internal */
  _lr_at(height: Height, g: number): number {
    if (height === "high") return value_of(this.max_lr, g);
    const low = this.base_lrs[g];
    return height === "low" ? low : low / this.final_div_factor;
  }

  /** @internal */
  _momentum_of(height: Height, g: number): number {
    const { base_momentum, max_momentum } = this;
    return value_of(height === "low" ? base_momentum : max_momentum, g);
  }

  /** @internal */
  _anneal(from: number, to: number, progress: number): number {
    if (this.anneal_strategy === "linear") return (to - from) * progress + from;
    return to + ((from - to) / 2) * (Math.cos(Math.PI * progress) + 1);
  }

  /** PyTorch keeps what it needs of the options in the parameter groups; here it is in the state. @internal */
  override _option_state(): SchedulerState {
    const { pct_start, anneal_strategy, div_factor, final_div_factor, three_phase } = this;
    return {
      total_steps: this.total_steps,
      _schedule_phases: this._parts.map(phase_state),
      _anneal_func_type: anneal_strategy,
      ...this._momentum_state(),
      max_lrs: this.max_lrs,
      pct_start,
      div_factor,
      final_div_factor,
      three_phase,
    };
  }

  /** @internal */
  override _load(reader: StateReader): void {
    super._load(reader);
    reader.checked("last_epoch", number({ min: -1, max: this.total_steps }));
  }

  /** @internal */
  override _options_in(reader: StateReader): object {
    return {
      max_lr: shared(reader.value("max_lrs")),
      total_steps: reader.value("total_steps"),
      pct_start: reader.value("pct_start"),
      anneal_strategy: reader.value("_anneal_func_type"),
      ...this._momentum_options_in(reader),
      div_factor: reader.value("div_factor"),
      final_div_factor: reader.value("final_div_factor"),
      three_phase: reader.value("three_phase"),
    };
  }
}

function parts_of(pct_start: number, three_phase: boolean, total_steps: number): Part[] {
  const rise: Part = {
    end: pct_start * total_steps - 1,
    from: "low",
    to: "high",
    momentum_from: "high",
    momentum_to: "low",
  };
  const end = total_steps - 1;
  if (!three_phase) {
    return [rise, { end, from: "high", to: "last", momentum_from: "low", momentum_to: "high" }];
  }
  return [
    rise,
    {
      end: 2 * pct_start * total_steps - 2,
      from: "high",
      to: "low",
      momentum_from: "low",
      momentum_to: "high",
    },
    { end, from: "low", to: "last", momentum_from: "high", momentum_to: "high" },
  ];
}

/** A part as PyTorch writes it. */
function phase_state(part: Part): SchedulerState {
  const lr = { low: "initial_lr", high: "max_lr", last: "min_lr" };
  const momentum = { low: "base_momentum", high: "max_momentum", last: "max_momentum" };
  return {
    end_step: part.end,
    start_lr: lr[part.from],
    end_lr: lr[part.to],
    start_momentum: momentum[part.momentum_from],
    end_momentum: momentum[part.momentum_to],
  };
}
