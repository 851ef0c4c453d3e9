import { type Field, number, per_group, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import { type PerGroup, value_of } from "./per_group.ts";

/** Options of `CosineAnnealingLR`. */
export interface CosineAnnealingLROptions extends LRSchedulerOptions {
  /** The number of epochs from the base lr to `eta_min`, a whole number of at least 1. */
  T_max: number;
  /** The lowest lr, at least 0: one, or a list with one for each parameter group. Default 0. */
  eta_min?: PerGroup;
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
export class CosineAnnealingLR extends FormulaLR<CosineAnnealingLROptions> {
  static override readonly option_table = option_table<Resolved<CosineAnnealingLROptions>>(
    "CosineAnnealingLR",
    {
      T_max: whole_number({ min: 1 }),
      eta_min: per_group(number({ min: 0, default: 0 })) as Field<PerGroup>,
    },
  );

  static override readonly formula = (scheduler: CosineAnnealingLR) => new CosineMotion(scheduler);

  declare T_max: number;
  declare eta_min: PerGroup;
}

class CosineMotion extends Motion<CosineAnnealingLR> {
  override begin(lrs: LRs): LRs {
    return this.moved(0, [...lrs]);
  }

  override advance(lrs: LRs, epoch: number): LRs {
    const { next } = this;
    const { T_max, eta_min, base_lrs } = this.scheduler;
    // No factor leads up from the minimum, so the first epoch after it adds.
    const is_adding = (epoch - 1 - T_max) % (2 * T_max) === 0;
    const ratio = height(epoch, T_max) / height(epoch - 1, T_max);
    for (let g = 0; g < next.length; g++) {
      const lowest = value_of(eta_min, g);
      next[g] = is_adding
        ? lrs[g] + ((base_lrs[g] - lowest) * (1 - Math.cos(Math.PI / T_max))) / 2
        : ratio * (lrs[g] - lowest) + lowest;
    }
    return this.moved(epoch, next);
  }

  override at(epoch: number): LRs {
    const { next } = this;
    const { T_max, eta_min, base_lrs } = this.scheduler;
    for (let g = 0; g < next.length; g++) {
      const lowest = value_of(eta_min, g);
      next[g] = lowest + ((base_lrs[g] - lowest) * height(epoch, T_max)) / 2;
    }
    return this.moved(epoch, next);
  }

  override is_factor(): boolean {
    const { base_lrs, eta_min } = this.scheduler;
    return base_lrs.every((_, g) => value_of(eta_min, g) === 0);
  }

  override last_return(epoch: number): number {
    const { T_max } = this.scheduler;
    return epoch > T_max ? epoch - ((epoch - T_max - 1) % (2 * T_max)) : -1;
  }
}

/** Twice the share of the way from `eta_min` to the base lr. */
function height(epoch: number, T_max: number): number {
  return 1 + Math.cos((Math.PI * epoch) / T_max);
}
