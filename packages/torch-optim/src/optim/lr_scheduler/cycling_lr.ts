import {
  keep_own_lr,
  keep_own_momentum,
  momentum_of,
  type SchedulableGroup,
  set_momentum,
} from "../param_group.ts";
import { OutrightLR } from "./outright_lr.ts";
import type { SchedulerState, StateReader } from "./scheduler_state.ts";

/** One value for all parameter groups, or a list with one for each. */
export type PerGroup = number | readonly number[];

/**
 * A scheduler that brings its own base lr, and cycles the momentum (beta1 where a group has betas)
 * against the lr. It never writes `initial_lr`, and notes the group's own momentum before it
 * touches it, so that its neighbours find both as they were.
 */
export abstract class CyclingLR<Options extends object> extends OutrightLR<Options> {
  declare readonly cycle_momentum: boolean;
  declare readonly base_momentum: PerGroup;
  declare readonly max_momentum: PerGroup;

  /** The lr of group `g` where a cycle is lowest. @internal */
  abstract override _read_base_lr(_group: SchedulableGroup, g: number): number;

  /** @internal */
  abstract _momentum_at(epoch: number, g: number): number;

  /** The lowest momentum of every group. */
  get base_momentums(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.base_momentum, g));
  }

  /** The highest momentum of every group. */
  get max_momentums(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.max_momentum, g));
  }

  /** @internal */
  override _set_up(): void {
    if (!this.cycle_momentum) return;
    for (const [g, group] of this.optimizer.param_groups.entries()) {
      if (momentum_of(group) === undefined) {
        throw new TypeError(
          `${this._name}: cycle_momentum must be false for an optimizer without momentum or betas, ` +
            `got true, and parameter group ${g} has neither`,
        );
      }
    }
  }

  /** @internal */
  override _note_own_lr(group: SchedulableGroup, own_lr: number): void {
    keep_own_lr(group, own_lr);
  }

  /** @internal */
  override _apply(): void {
    super._apply();
    this._apply_momentum();
  }

  /** @internal */
  override _set(epoch: number): void {
    super._set(epoch);
    this._apply_momentum();
  }

  /** @internal */
  override _apply_momentum(): void {
    if (!this.cycle_momentum) return;
    const groups = this.optimizer.param_groups;
    for (let g = 0; g < this.base_lrs.length; g++) {
      keep_own_momentum(groups[g]);
      set_momentum(groups[g], this._momentum_at(this.last_epoch, g));
    }
  }

  /** The momentum's part of a state. @internal */
  _momentum_state(): SchedulerState {
    const { cycle_momentum, base_momentums, max_momentums } = this;
    if (!cycle_momentum) return { cycle_momentum };
    const use_beta1 = this.optimizer.param_groups.some((group) => group.betas);
    return { cycle_momentum, use_beta1, base_momentums, max_momentums };
  }

  /** @internal */
  _momentum_options_in(reader: StateReader): object {
    const cycle_momentum = reader.value("cycle_momentum");
    // A state that does not cycle need not say between which values.
    const { base_momentum, max_momentum } = this;
    if (!reader.has("base_momentums")) return { cycle_momentum, base_momentum, max_momentum };
    return {
      cycle_momentum,
      base_momentum: shared(reader.value("base_momentums")),
      max_momentum: shared(reader.value("max_momentums")),
    };
  }
}

/** The value of group `g`. */
export function value_of(option: PerGroup, g: number): number {
  return typeof option === "number" ? option : option[g];
}

/** A list of equal values as the one value, so that further groups can join. */
export function shared(list: unknown): unknown {
  const is_shared = Array.isArray(list) && list.length > 0 && list.every((x) => x === list[0]);
  return is_shared ? list[0] : list;
}
