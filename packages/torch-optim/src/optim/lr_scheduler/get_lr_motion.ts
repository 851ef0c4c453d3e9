import { checked, custom } from "../../fields.ts";
import { is_list, is_number } from "../../refusal.ts";
import { with_lrs } from "../param_group.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import { name_of } from "./options.ts";
import type { StateReader } from "./scheduler_state.ts";

/**
 * The motion of a scheduler that says its lr by `get_lr()` alone. While that is asked, the scheduler
 * stands at the epoch in question and its own lrs in the groups, as in PyTorch; both are put back
 * before anything else runs. A class derived from one of the library's finds what the formula gives in
 * `super.get_lr()`.
 */
export class GetLRMotion extends Motion {
  readonly formula?: Motion;

  constructor(scheduler: LRScheduler, formula?: Motion) {
    super(scheduler);
    this.formula = formula;
  }

  override begin(lrs: LRs): LRs {
    return this.#answer(lrs, 0, this.formula?.begin(lrs));
  }

  override advance(lrs: LRs, epoch: number): LRs {
    return this.#answer(lrs, epoch, this.formula?.advance(lrs, epoch));
  }

  override jump(lrs: LRs, epoch: number): LRs {
    const { formula } = this;
    if (!formula) return super.jump(lrs, epoch);
    const by_formula = formula.jump(lrs, epoch);
    return this.#answer(lrs, formula.epoch, by_formula);
  }

  override commit(): void {
    this.formula?.commit();
    super.commit();
  }

  override prepare(): void {
    this.formula?.prepare?.();
  }

  override option_state(): object {
    return this.formula?.option_state() ?? super.option_state();
  }

  override options_in(reader: StateReader): object {
    return this.formula?.options_in(reader) ?? super.options_in(reader);
  }

  override has_own_curve(): boolean {
    return true;
  }

  /** What `get_lr()` gives at an epoch, with lrs in force. */
  protected ask(lrs: LRs, epoch: number): readonly number[] {
    const { scheduler } = this;
    const { last_epoch } = scheduler;
    scheduler.last_epoch = epoch;
    try {
      return with_lrs(scheduler.optimizer.param_groups, lrs, () => scheduler.get_lr());
    } finally {
      scheduler.last_epoch = last_epoch;
    }
  }

  #answer(lrs: LRs, epoch: number, by_formula: LRs = lrs): LRs {
    this.moved(epoch, by_formula);
    const name = `${name_of(this.scheduler)}: get_lr() at epoch ${epoch}`;
    const { length } = this.scheduler.base_lrs;
    const answer = custom<number[]>("numbers, one for each parameter group", (list) =>
      is_list(list, is_number, length, length),
    );
    return this.moved(epoch, checked(name, answer, this.ask(lrs, epoch)));
  }
}
