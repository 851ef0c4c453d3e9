import { option_table } from "../../option_table.ts";
import { restore_momentum } from "../param_group.ts";
import { CompositeScheduler, type Member, SCHEDULERS } from "./composite_scheduler.ts";
import type { LRScheduler, LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { ScaledCurve } from "./scaled_curve.ts";

/** Options of `ChainedScheduler`. */
export interface ChainedSchedulerOptions extends LRSchedulerOptions {
  /** The schedulers that act together, in their order: of any kind, in any number from 1 on. */
  schedulers: readonly LRScheduler[];
}

/**
 * Steps several schedulers at every epoch, in their order.
 *
 * Schedulers with a chainable form scale the lr in force, so that their factors multiply; those
 * that set the lr outright (`LambdaLR`, `CosineAnnealingWarmRestarts`, `CyclicLR`, `OneCycleLR`)
 * overwrite what came before them. A `SequentialLR` scales by the ratio of its own curve from
 * epoch to epoch, also across a milestone.
 *
 * Source: `torch.optim.lr_scheduler.ChainedScheduler`.
 *
 * @throws TypeError or Error that names the option.
 * @example
 * ```ts
 * const warmup = new torch.optim.ConstantLR(optimizer, { factor: 0.1, total_iters: 2 });
 * const decay = new torch.optim.ExponentialLR(optimizer, { gamma: 0.5 });
 * // lr 1: 0.1 0.05 0.25 0.125 …
 * const scheduler = new torch.optim.ChainedScheduler(optimizer, { schedulers: [warmup, decay] });
 * ```
 */
export class ChainedScheduler extends CompositeScheduler<ChainedSchedulerOptions> {
  /** @internal */
  static override readonly option_table = option_table<Resolved<ChainedSchedulerOptions>>(
    "ChainedScheduler",
    {
      schedulers: SCHEDULERS,
    },
  );

  /** @internal */
  declare _members: readonly Member[];

  /** @internal */
  override _set_up(): void {
    super._set_up();
    this._members ??= this.schedulers.map((scheduler) =>
      scheduler._has_own_curve ? new ScaledCurve(scheduler) : scheduler,
    );
  }

  /** @internal */
  override _begin(): void {
    for (const member of this._members) member._begin();
    this._arrive(0);
  }

  /** @internal */
  override _advance(metric?: number): void {
    for (const member of this._members) member._advance(metric);
    this._arrive(this.last_epoch + 1);
  }

  /** @internal */
  override _check_epoch(epoch: number): void {
    for (const scheduler of this.schedulers) scheduler._check_epoch(epoch);
  }

  /** @internal */
  override _arrive(epoch: number): void {
    this._settle();
    // The momentum is that of the last member that cycles it now, whatever was in force before.
    for (const group of this.optimizer.param_groups) restore_momentum(group);
    this._apply_momentum();
    super._arrive(epoch);
  }

  /** @internal */
  override _settle(): void {
    for (const member of this._members) member._settle();
  }

  /** @internal */
  override _seek(epoch: number): void {
    const scale = this._scale_at(epoch);
    if (Number.isNaN(scale)) {
      super._seek(epoch);
      return;
    }
    const groups = this.optimizer.param_groups;
    for (const member of this._members) member._seek(epoch);
    for (let g = 0; g < this.base_lrs.length; g++) groups[g].lr = this.base_lrs[g] * scale;
    this._arrive(epoch);
  }

  /** @internal */
  override _scale_at(epoch: number): number {
    return this.schedulers.reduce((scale, scheduler) => scale * scheduler._scale_at(epoch), 1);
  }

  /** @internal */
  override get _needs_metric(): boolean {
    return this.schedulers.some((scheduler) => scheduler._needs_metric);
  }

  /** @internal */
  override _apply_momentum(): void {
    for (const scheduler of this.schedulers) scheduler._apply_momentum();
  }

  /** @internal */
  override _add_groups(): void {
    const known = this.base_lrs.length;
    super._add_groups();
    for (let g = known; g < this.base_lrs.length; g++) this._join(g, this._joining_lr(g));
  }

  /** @internal */
  override _join(g: number, lr: number): void {
    for (const member of this._members) member._join(g, lr);
  }

  /** Where metrics decide there is no plan, but still a factor of every member. @internal */
  override _joining_lr(g: number): number {
    if (!this._takes_metrics) return super._joining_lr(g);
    const base_lr = this.base_lrs[g];
    if (base_lr === 0) return 0;
    const factors = this.schedulers.map((scheduler) => scheduler._joining_lr(g) / base_lr);
    return factors.reduce((lr, factor) => lr * factor, base_lr);
  }

  /** @internal */
  override _option_state(): object {
    return {};
  }

  /** @internal */
  override _options_in(): object {
    return this.options;
  }

  /** @internal */
  override _is_lawful(): boolean {
    return this.schedulers.every(
      (scheduler) => scheduler.last_epoch === this.last_epoch && scheduler._is_lawful(),
    );
  }
}
