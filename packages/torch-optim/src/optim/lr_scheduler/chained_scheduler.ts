import { option_table } from "../../option_table.ts";
import { ChainMotion } from "./chain_motion.ts";
import { CompositeScheduler, SCHEDULERS } from "./composite_scheduler.ts";
import type { LRScheduler, LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";

/** Options of `ChainedScheduler`. */
export interface ChainedSchedulerOptions extends LRSchedulerOptions {
  /** The schedulers that act together, in their order: of any kind, in any number from 1 on. */
  schedulers: readonly LRScheduler[];
}

/**
 * Steps several schedulers at every epoch: their factors multiply, in whichever order they stand.
 *
 * `lr = rest · f₁ · f₂ · …`. A member with a curve of its own has the factor `f = curve / base_lr`: a
 * `SequentialLR`, all that set the lr outright (`LambdaLR`, `CosineAnnealingWarmRestarts`, the cyclic
 * ones, the schedules of `transformers`), those whose factor is 0 at first and later not, and classes
 * of one's own. `rest` is the base lr at the start; the other members take the lr in force to the next
 * by their chainable forms, in their order, and what they change of it goes there, as does what is set
 * by hand. Floors (`eta_min`, `min_lr`) are floors of the lr in force. A chain in a chain counts as its
 * members in its place; the momentum is that of the last member that cycles it.
 *
 * Source: `torch.optim.lr_scheduler.ChainedScheduler`, in which members that set the lr outright wipe
 * out their neighbours' factors.
 *
 * @throws TypeError or Error that names the option.
 * @example
 * ```ts
 * const restarts = new torch.optim.CosineAnnealingWarmRestarts(optimizer, { T_0: 2 });
 * const decay = new torch.optim.StepLR(optimizer, { step_size: 2, gamma: 0.5 });
 * // lr 1: 1 0.5 0.5 0.25 0.25 0.125 …
 * const scheduler = new torch.optim.ChainedScheduler(optimizer, { schedulers: [restarts, decay] });
 * ```
 */
export class ChainedScheduler extends CompositeScheduler<ChainedSchedulerOptions> {
  static override readonly option_table = option_table<Resolved<ChainedSchedulerOptions>>(
    "ChainedScheduler",
    { schedulers: SCHEDULERS },
  );

  static override motion(scheduler: ChainedScheduler): ChainMotion {
    return new ChainMotion(scheduler);
  }
}
