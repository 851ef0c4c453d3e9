import { is_number, refuse_numbers } from "../../refusal.ts";
import { type ScheduledMomenta, with_lrs } from "../param_group.ts";
import { LeafMotion } from "./leaf_motion.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import type { LRs } from "./motion.ts";
import { name_of } from "./options.ts";

/**
 * The motion of a scheduler that says its lr by `get_lr()` alone. While that is asked, the scheduler
 * stands at the epoch in question and its own lrs in the groups, as in PyTorch; both are put back
 * before anything else runs. A class derived from one of the library's keeps the rest of its motion.
 */
export class GetLRMotion extends LeafMotion<LRScheduler> {
  constructor(
    scheduler: LRScheduler,
    private readonly own?: LeafMotion<LRScheduler>,
  ) {
    super(scheduler);
  }

  override begin(lrs: LRs): LRs {
    this.own?.begin(lrs);
    return this.#ask(lrs, 0);
  }

  override advance(lrs: LRs, epoch: number): LRs {
    this.own?.advance(lrs, epoch);
    return this.#ask(lrs, epoch);
  }

  override commit(): void {
    this.own?.commit();
    super.commit();
  }

  override get has_own_curve(): boolean {
    return true;
  }

  override get momenta(): ScheduledMomenta | undefined {
    return this.own?.momenta;
  }

  override momentum(g: number): number {
    return this.own?.momentum(g) ?? Number.NaN;
  }

  #ask(lrs: LRs, epoch: number): LRs {
    const { scheduler, own = this } = this;
    const { position } = own;
    let given: readonly number[];
    try {
      own.stand();
      scheduler.last_epoch = epoch;
      given = with_lrs(scheduler.optimizer.param_groups, lrs, () => scheduler.get_lr());
    } finally {
      Object.assign(scheduler, position);
    }
    const is_list = Array.isArray(given) && given.length === scheduler.base_lrs.length;
    if (!is_list || ![...given].every(is_number)) {
      const name = `${name_of(scheduler)}: get_lr() at epoch ${epoch}`;
      refuse_numbers(name, "numbers, one for each parameter group", given);
    }
    return this.moved(epoch, [...given]);
  }
}
