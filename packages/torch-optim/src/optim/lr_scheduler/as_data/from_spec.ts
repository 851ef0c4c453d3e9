import { refusal } from "../../../refusal.ts";
import type { SchedulableGroup, SchedulableOptimizer } from "../../param_group.ts";
import type { LRScheduler } from "../lr_scheduler.ts";
import type { Recipe } from "../recipe.ts";
import { build_any } from "./build_recipe.ts";
import { plain_spec } from "./check_spec.ts";
import type { Lengths } from "./lengths.ts";
import { Problems } from "./problems.ts";
import type { RecipeSpec, Spec } from "./recipe_spec.ts";
import { checked_lengths, resolve_lengths } from "./resolve_lengths.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { SpecError } from "./spec_error.ts";

/**
 * Builds the scheduler that a spec describes, the ones inside it included, or the recipe.
 *
 * A spec may come from anywhere: nothing in it is evaluated, and all of it is checked before the
 * optimizer is touched.
 *
 * @param lengths - What shares (`"5%"`) are of, and how many steps an epoch (`"2ep"`) has.
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
export function from_spec(
  optimizer: SchedulableOptimizer,
  spec: SchedulerSpec,
  lengths?: Lengths,
): LRScheduler;
export function from_spec(
  optimizer: SchedulableOptimizer,
  spec: RecipeSpec,
  lengths?: Lengths,
): Recipe;
export function from_spec(
  optimizer: SchedulableOptimizer,
  spec: Spec,
  lengths?: Lengths,
): LRScheduler | Recipe;
export function from_spec(
  optimizer: SchedulableOptimizer,
  spec: Spec,
  lengths: Lengths = {},
): LRScheduler | Recipe {
  const groups = optimizer?.param_groups;
  if (!Array.isArray(groups)) {
    const wanted = refusal("an object with param_groups", optimizer);
    throw new TypeError(`from_spec: optimizer ${wanted}`);
  }
  const problems = new Problems();
  const own_lengths = checked_lengths("from_spec", lengths);
  const data = resolve_lengths(plain_spec(spec, problems), own_lengths, problems);
  build_any(trial_optimizer(optimizer), data, problems);
  const built = problems.count === 0 && build_any(optimizer, data, problems);
  if (!built) throw new SpecError(problems.list());
  return built;
}

/** An optimizer like another one, to try a spec on. */
function trial_optimizer({ param_groups }: SchedulableOptimizer): SchedulableOptimizer {
  return {
    param_groups: param_groups.map(
      (group): SchedulableGroup => ({
        ...group,
        ...(group.betas ? { betas: [...group.betas] } : {}),
      }),
    ),
  };
}
