import { LRScheduler } from "./lr_scheduler.ts";

/** A scheduler that knows the lr of any epoch without the epochs before it. */
export abstract class ClosedFormLR<Options extends object> extends LRScheduler<Options> {
  /** The closed form: the lr of group `g` at `epoch`. @internal */
  abstract _closed_form(epoch: number, g: number): number;

  /** @internal */
  override _seek(epoch: number): void {
    this._reset();
    this._set(epoch);
  }

  /** @internal */
  override _set(epoch: number): void {
    const groups = this.optimizer.param_groups;
    this.last_epoch = epoch;
    for (let g = 0; g < this.base_lrs.length; g++) {
      groups[g].lr = this._last_lr[g] = this._closed_form(epoch, g);
    }
  }
}
