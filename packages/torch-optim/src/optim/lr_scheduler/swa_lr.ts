import { type Field, number, one_of, per_group, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import type { SchedulableGroup } from "../param_group.ts";
import { FormulaLR } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import { type PerGroup, shared, value_of } from "./per_group.ts";
import type { StateReader } from "./scheduler_state.ts";

/** Options of `SWALR`. */
export interface SWALROptions extends LRSchedulerOptions {
  /** The lr to anneal to, at least 0: one, or a list with one for each parameter group. */
  swa_lr: PerGroup;
  /** How many epochs the annealing takes, a whole number of at least 0. Default 10. */
  anneal_epochs?: number;
  /** Along a cosine or a line. Default `"cos"`. */
  anneal_strategy?: "cos" | "linear";
}

/**
 * Anneals the lr from where it is to `swa_lr`, and holds it there, for stochastic weight averaging
 * (see `AveragedModel`).
 *
 * `lr(t) = swa_lr · α(t) + lr(0) · (1 - α(t))` with `u = min(t / anneal_epochs, 1)` (1 at once if
 * `anneal_epochs` is 0) and `α = (1 - cos(π · u)) / 2`, or `α = u` if `anneal_strategy` is
 * `"linear"`.
 *
 * As a later phase of a `SequentialLR` it has at its milestone the lr of the epoch before, and
 * anneals from there. In a chain it has a curve of its own, from the base lr to `swa_lr`.
 *
 * Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization"
 * (https://arxiv.org/abs/1803.05407); `torch.optim.swa_utils.SWALR`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.75 0.5 0.5 …
 * const scheduler = new torch.optim.SWALR(optimizer, {
 *   swa_lr: 0.5,
 *   anneal_epochs: 2,
 *   anneal_strategy: "linear",
 * });
 * ```
 */
export class SWALR extends FormulaLR<SWALROptions> {
  static override readonly option_table = option_table<Resolved<SWALROptions>>("SWALR", {
    swa_lr: per_group(number({ min: 0 })) as Field<PerGroup>,
    anneal_epochs: whole_number({ min: 0, default: 10 }),
    anneal_strategy: one_of(["cos", "linear"], "cos"),
  });

  static override readonly formula = (scheduler: SWALR) => new SWAMotion(scheduler);

  declare swa_lr: PerGroup;
  declare anneal_epochs: number;
  declare anneal_strategy: string;
}

class SWAMotion extends Motion<SWALR> {
  override is_relative(): boolean {
    return true;
  }

  override begin(lrs: LRs): LRs {
    return this.#anneal(lrs, 0, 0);
  }

  override enter(lrs: LRs): LRs {
    return this.begin(lrs);
  }

  override advance(lrs: LRs, epoch: number): LRs {
    return this.#anneal(lrs, this.#share(epoch - 1), epoch);
  }

  override at(epoch: number, begin?: () => LRs): LRs {
    return this.#anneal(begin?.() ?? this.scheduler.base_lrs, 0, epoch);
  }

  override has_own_curve(): boolean {
    return true;
  }

  /** PyTorch keeps the lr to anneal to in the parameter groups; here it is in the state. */
  override option_state(): object {
    const { swa_lr, anneal_epochs, anneal_strategy } = this.scheduler;
    return { swa_lr, anneal_epochs, _anneal_strategy: anneal_strategy };
  }

  override options_in(reader: StateReader): object {
    return {
      swa_lr: reader.has("swa_lr") ? reader.value("swa_lr") : this.#swa_lr_of_groups(),
      anneal_epochs: reader.value("anneal_epochs"),
      anneal_strategy: reader.value("_anneal_strategy"),
    };
  }

  /** From lrs on the way, of which `done` lies behind, to those of an epoch. */
  #anneal(lrs: LRs, done: number, epoch: number): LRs {
    const { next } = this;
    const { swa_lr } = this.scheduler;
    const share = this.#share(epoch);
    for (let g = 0; g < next.length; g++) {
      const end = value_of(swa_lr, g);
      const start = done === 1 ? end : (lrs[g] - done * end) / (1 - done);
      next[g] = end * share + start * (1 - share);
    }
    return this.moved(epoch, next);
  }

  /** The share of the way that is done at an epoch. */
  #share(epoch: number): number {
    const { anneal_epochs, anneal_strategy } = this.scheduler;
    if (epoch >= anneal_epochs) return 1;
    const done = epoch / anneal_epochs;
    return anneal_strategy === "cos" ? (1 - Math.cos(Math.PI * done)) / 2 : done;
  }

  #swa_lr_of_groups(): unknown {
    const { optimizer, swa_lr } = this.scheduler;
    const groups = optimizer.param_groups as readonly (SchedulableGroup & { swa_lr?: number })[];
    const lrs = groups.map((group) => group.swa_lr);
    return lrs.includes(undefined) ? swa_lr : shared(lrs);
  }
}
