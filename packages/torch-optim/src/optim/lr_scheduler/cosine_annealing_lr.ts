import { number, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { ClosedFormLR } from "./closed_form_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";

/** Options of `CosineAnnealingLR`. */
export interface CosineAnnealingLROptions extends LRSchedulerOptions {
  /** The number of epochs from the base lr to `eta_min`, a whole number of at least 1. */
  T_max: number;
  /** The lowest lr, at least 0. Default 0. */
  eta_min?: number;
}

/**
 * Anneals the lr along a cosine, from the base lr to `eta_min` in `T_max` epochs, and back up in
 * as many.
 *
 * `lr(t) = eta_min + (base_lr - eta_min) · (1 + cos(π · t / T_max)) / 2`
 *
 * Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts"
 * (https://arxiv.org/abs/1608.03983); `torch.optim.lr_scheduler.CosineAnnealingLR`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.75 0.25 0 …
 * const scheduler = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 3 });
 * ```
 */
export class CosineAnnealingLR extends ClosedFormLR<CosineAnnealingLROptions> {
  /** @internal */
  static override readonly option_table = option_table<Resolved<CosineAnnealingLROptions>>(
    "CosineAnnealingLR",
    {
      T_max: whole_number({ min: 1 }),
      eta_min: number({ min: 0, default: 0 }),
    },
  );

  declare readonly T_max: number;
  declare readonly eta_min: number;

  override get_lr(lrs: number[] = []): number[] {
    const { T_max, eta_min } = this;
    const epoch = this.last_epoch;
    // No factor leads up from the minimum, so the first epoch after it adds.
    const is_adding = (epoch - 1 - T_max) % (2 * T_max) === 0;
    const ratio =
      (1 + Math.cos((Math.PI * epoch) / T_max)) / (1 + Math.cos((Math.PI * (epoch - 1)) / T_max));
    const { base_lrs } = this;
    const groups = this.optimizer.param_groups;
    for (let g = 0; g < base_lrs.length; g++) {
      const { lr } = groups[g];
      if (epoch === 0) lrs[g] = lr;
      else if (is_adding) {
        lrs[g] = lr + ((base_lrs[g] - eta_min) * (1 - Math.cos(Math.PI / T_max))) / 2;
      } else lrs[g] = ratio * (lr - eta_min) + eta_min;
    }
    return lrs;
  }

  /** @internal */
  override _closed_form(epoch: number, g: number): number {
    const { T_max, eta_min } = this;
    return eta_min + (this.base_lrs[g] - eta_min) * height(epoch, T_max);
  }

  /** @internal */
  override _scale_at(epoch: number): number {
    const { T_max, eta_min } = this;
    return eta_min === 0 && epoch < T_max ? height(epoch, T_max) : Number.NaN;
  }
}

/** The share of the way from `eta_min` to the base lr. */
function height(epoch: number, T_max: number): number {
  return (1 + Math.cos((Math.PI * epoch) / T_max)) / 2;
}
