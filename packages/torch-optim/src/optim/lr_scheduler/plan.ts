import { groups_at_base, type SchedulableOptimizer } from "../param_group.ts";
import { family_of } from "./family.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import type { Motion } from "./motion.ts";
import { current_options } from "./options.ts";
import { type SchedulerState, to_data } from "./scheduler_state.ts";

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
  const { optimizer, base_lrs } = scheduler;
  return twin_on({ param_groups: groups_at_base(optimizer.param_groups, base_lrs) }, scheduler);
}

/** What tells epochs of schedulers, and what it was made of. */
const plans = new WeakMap<LRScheduler, { motion: Motion; origin: unknown[] }>();

/**
 * The motion of a scheduler on groups of its own, which tells what it does at any epoch and touches
 * nothing. It is made anew after a change of options, base lrs or groups by hand.
 */
export function plan_of(scheduler: LRScheduler): Motion {
  const origin = family_of(scheduler).flatMap((member) => [
    member.optimizer.param_groups.length,
    ...member.base_lrs,
    ...Object.values(current_options(member)),
  ]);
  const known = plans.get(scheduler);
  if (known && origin.every((value, i) => value === known.origin[i])) return known.motion;
  const { motion } = twin_of(scheduler);
  plans.set(scheduler, { motion, origin });
  return motion;
}

/** The state at an epoch of the plan. */
export function planned_state(scheduler: LRScheduler, epoch: number): SchedulerState {
  const plan = plan_of(scheduler);
  plan.at(epoch);
  plan.commit();
  return to_data(plan.state());
}
