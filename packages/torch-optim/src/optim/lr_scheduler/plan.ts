import { base_lr_of, copy_at_base, type SchedulableOptimizer } from "../param_group.ts";
import { family_of } from "./family.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import type { LRs } from "./motion.ts";
import { current_options, name_of } from "./options.ts";
import { type SchedulerState, to_data } from "./scheduler_state.ts";

/** Epochs, times schedulers, that are replayed at most: about a second of work. */
const MOST_REPLAYED = 1e7;

type SchedulerClass = new (optimizer: SchedulableOptimizer, options: object) => LRScheduler;

/** A scheduler like another one, with its options as they are now, at epoch 0 of another optimizer. */
export function twin_on(optimizer: SchedulableOptimizer, scheduler: LRScheduler): LRScheduler {
  const options = current_options(scheduler);
  const { children } = scheduler.motion;
  if (children.length > 0) options.schedulers = children.map((child) => twin_on(optimizer, child));
  return new (scheduler.constructor as SchedulerClass)(optimizer, options);
}

/** A scheduler like another one at epoch 0 of parameter groups of its own, which are at their base. */
export function twin_of(scheduler: LRScheduler): LRScheduler {
  const param_groups = scheduler.optimizer.param_groups.map((group, g) =>
    copy_at_base(group, scheduler.base_lrs[g] ?? base_lr_of(group)),
  );
  return twin_on({ param_groups }, scheduler);
}

/** What a scheduler does at any epoch, from base lrs and options alone; it touches nothing. */
class Plan {
  /** The same scheduler on groups of its own, to replay epochs on where no closed form answers. */
  #twin: LRScheduler | undefined;
  /** What the twin was made of. */
  #origin: unknown[] = [];

  constructor(private readonly scheduler: LRScheduler) {}

  /** The lrs of an epoch. */
  at(epoch: number): LRs {
    const { motion } = this.scheduler;
    if (motion.replay_length(epoch) === 0) return motion.at(epoch);
    return this.#move(epoch).lrs;
  }

  /** The state at an epoch. */
  state_at(epoch: number): SchedulerState {
    const { twin } = this.#move(epoch);
    twin.motion.commit();
    return to_data(twin.motion.state());
  }

  #move(epoch: number): { twin: LRScheduler; lrs: LRs } {
    const twin = this.#up_to_date();
    const length = twin.motion.replay_length(epoch);
    if (length > MOST_REPLAYED) {
      throw new RangeError(
        `${name_of(this.scheduler)}: epoch ${epoch} takes ${length} steps to replay, more than ` +
          `${MOST_REPLAYED}; step there, or load a state that was saved there`,
      );
    }
    return { twin, lrs: twin.motion.at(epoch) };
  }

  /** The twin, made anew after a change of options, base lrs or groups by hand. */
  #up_to_date(): LRScheduler {
    const origin = family_of(this.scheduler).flatMap((member) => [
      ...member.base_lrs,
      ...Object.values(current_options(member)),
    ]);
    origin.push(this.scheduler.optimizer.param_groups.length);
    const is_same =
      origin.length === this.#origin.length && origin.every((x, i) => x === this.#origin[i]);
    if (!this.#twin || !is_same) {
      this.#twin = twin_of(this.scheduler);
      this.#origin = origin;
    }
    return this.#twin;
  }
}

const plans = new WeakMap<LRScheduler, Plan>();

export function plan_of(scheduler: LRScheduler): Plan {
  const plan = plans.get(scheduler) ?? new Plan(scheduler);
  plans.set(scheduler, plan);
  return plan;
}
