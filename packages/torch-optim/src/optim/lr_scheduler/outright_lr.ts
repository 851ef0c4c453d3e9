import { ClosedFormLR } from "./closed_form_lr.ts";

/** A scheduler that sets the lr outright: its closed form is all there is. */
export abstract class OutrightLR<Options extends object> extends ClosedFormLR<Options> {
  override get_lr(lrs: number[] = []): number[] {
    for (let g = 0; g < this.base_lrs.length; g++) lrs[g] = this._closed_form(this.last_epoch, g);
    return lrs;
  }
}
