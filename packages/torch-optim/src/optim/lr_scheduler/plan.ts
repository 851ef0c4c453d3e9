import { base_lr_of, copy_at_base, type SchedulableOptimizer } from "../param_group.ts";
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
  const param_groups = scheduler.optimizer.param_groups.map((group, g) =>
    copy_at_base(group, scheduler.base_lrs[g] ?? base_lr_of(group)),
  );
  return twin_on({ param_groups }, scheduler);
}

/** Twins to try epochs on, and what each was made of. */
const twins = new WeakMap<LRScheduler, { twin: LRScheduler; origin: unknown[] }>();

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
  const known = twins.get(scheduler);
  if (known && origin.every((value, i) => value === known.origin[i])) return known.twin.motion;
  const twin = twin_of(scheduler);
  twins.set(scheduler, { twin, origin });
  return twin.motion;
}

/** The state at an epoch of the plan. */
export function planned_state(scheduler: LRScheduler, epoch: number): SchedulerState {
  const plan = plan_of(scheduler);
  plan.at(epoch);
  plan.commit();
  return to_data(plan.state());
}
