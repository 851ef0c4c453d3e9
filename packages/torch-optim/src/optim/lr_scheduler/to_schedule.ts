import { refuse } from "../../refusal.ts";
import { is_scheduler, type LRScheduler } from "./lr_scheduler.ts";

/**
 * A scheduler as a plain function from the step to the lr, the form that optax and its relatives
 * take. It gives the plan, `scheduler.lr_at(step)`, and touches nothing.
 *
 * @param group - The parameter group, counted from 0.
 * @throws RangeError or TypeError if there is no such group.
 * @example
 * ```ts
 * const schedule = to_schedule(new torch.optim.StepLR(optimizer, { step_size: 30 }));
 * schedule(30); // 0.1 times the base lr
 * ```
 */
export function to_schedule(scheduler: LRScheduler, group = 0): (step: number) => number {
  if (!is_scheduler(scheduler)) {
    refuse("to_schedule: scheduler", "a scheduler", scheduler);
  }
  const groups = scheduler.base_lrs.length;
  if (!Number.isSafeInteger(group) || group < 0 || group >= groups) {
    const error = typeof group === "number" ? RangeError : TypeError;
    refuse("to_schedule: group", `one of ${groups}, from 0 on`, group, error);
  }
  return (step) => scheduler.lr_at(step)[group];
}
