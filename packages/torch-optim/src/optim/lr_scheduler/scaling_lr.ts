import { ClosedFormLR } from "./closed_form_lr.ts";

/** A scheduler that multiplies the lr of all groups by the same factor. */
export abstract class ScalingLR<Options extends object> extends ClosedFormLR<Options> {
  /** The chainable form: the factor from the epoch before to `epoch`. @internal */
  abstract _ratio(epoch: number): number;

  /** The closed form: the factor from the base lr to `epoch`. @internal */
  abstract _scale(epoch: number): number;

  override get_lr(lrs: number[] = []): number[] {
    const groups = this.optimizer.param_groups;
    const ratio = this._ratio(this.last_epoch);
    for (let g = 0; g < this.base_lrs.length; g++) lrs[g] = groups[g].lr * ratio;
    return lrs;
  }

  /** @internal */
  override _closed_form(epoch: number, g: number): number {
    return this.base_lrs[g] * this._scale(epoch);
  }

  /** @internal */
  override _scale_at(epoch: number): number {
    return this._scale(epoch);
  }
}
