import type { LRScheduler } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import type { StateReader } from "./scheduler_state.ts";

/** The motion of a scheduler with none inside. */
export abstract class LeafMotion<S extends LRScheduler> extends Motion<S> {
  /** The epoch computed last. */
  protected epoch = 0;
  #next: number[] = [];
  #is_pending = false;

  /** The list for the lrs of the next epoch, which is never the one in force. */
  protected get next(): number[] {
    const { base_lrs } = this.scheduler;
    // Made whole, as a list that is stretched has holes to V8, which then boxes every number.
    if (this.#next.length !== base_lrs.length) this.#next = [...base_lrs];
    return this.#next;
  }

  /** Notes what was computed for an epoch, and gives the lrs. */
  protected moved(epoch: number, lrs: number[] = this.#next): LRs {
    this.epoch = epoch;
    this.#next = lrs;
    this.#is_pending = true;
    return lrs;
  }

  /** The lrs of the epoch at which the scheduler stands, from those given. */
  restate(lrs: LRs): LRs {
    const { last_epoch } = this.scheduler;
    return last_epoch === 0 ? this.begin(lrs) : this.advance(lrs, last_epoch);
  }

  /** The fields that say where the scheduler stands. */
  get position(): object {
    return { last_epoch: this.scheduler.last_epoch };
  }

  /** Puts the scheduler where it was computed to be last. */
  stand(): void {
    this.scheduler.last_epoch = this.epoch;
  }

  override commit(): void {
    if (!this.#is_pending) return;
    this.#is_pending = false;
    this.stand();
    const before = this.scheduler._last_lr;
    this.scheduler._last_lr = this.#next;
    this.#next = before;
  }

  override load(reader: StateReader): void {
    super.load(reader);
    this.epoch = this.scheduler.last_epoch;
  }
}
