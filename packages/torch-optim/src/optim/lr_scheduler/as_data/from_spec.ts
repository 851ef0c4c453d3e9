import { refusal } from "../../../refusal.ts";
import type { SchedulableGroup, SchedulableOptimizer } from "../../param_group.ts";
import type { LRScheduler } from "../lr_scheduler.ts";
import { build_scheduler } from "./build_scheduler.ts";
import { plain_spec } from "./check_spec.ts";
import { Problems } from "./problems.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { SpecError } from "./spec_error.ts";

/**
 * Builds the scheduler that a spec describes, the ones inside it included.
 *
 * A spec may come from anywhere: nothing in it is evaluated, and all of it is checked before the
 * optimizer is touched.
 *
 * @throws SpecError with everything that is wrong.
 * @example
 * ```ts
 * const scheduler = from_spec(optimizer, {
 *   type: "SequentialLR",
 *   schedulers: [{ type: "LinearLR", total_iters: 10 }, { type: "CosineAnnealingLR", T_max: 90 }],
 *   milestones: [10],
 * });
 * ```
 */
export function from_spec(optimizer: SchedulableOptimizer, spec: SchedulerSpec): LRScheduler {
  const groups = optimizer?.param_groups;
  if (!Array.isArray(groups)) {
    const wanted = refusal("an object with param_groups", optimizer);
    throw new TypeError(`from_spec: optimizer ${wanted}`);
  }
  const problems = new Problems();
  const data = plain_spec(spec, problems);
  build_scheduler(trial_optimizer(groups), data, problems);
  const scheduler = problems.count === 0 && build_scheduler(optimizer, data, problems);
  if (!scheduler) throw new SpecError(problems.list());
  return scheduler;
}

/** An optimizer like another one, to try a spec on. */
function trial_optimizer(groups: readonly SchedulableGroup[]): SchedulableOptimizer {
  return {
    param_groups: groups.map((group) => ({
      ...group,
      ...(group.betas ? { betas: [...group.betas] } : {}),
    })),
  };
}
