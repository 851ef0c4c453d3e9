import { refuse, show_name } from "../../../refusal.ts";
import type { SchedulerClass } from "../catalogue.ts";
import { is_scheduler, type LRScheduler } from "../lr_scheduler.ts";
import { Recipe } from "../recipe.ts";
import { selected_by } from "../select.ts";
import { plain_data } from "./plain_data.ts";
import { Problems, path_to, path_to_item } from "./problems.ts";
import type { RecipeSpec, Spec } from "./recipe_spec.ts";
import { fields_of, type_of } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { SpecError } from "./spec_error.ts";

/**
 * Writes a scheduler down: its class and options, and those of the schedulers inside it; of a recipe
 * its schedules, their options and groups. Options that have their default are left out. How far it has come is no part of a spec but of
 * `state_dict()`.
 *
 * @throws SpecError with the path of every function, which cannot be written down, and of every
 *   class that is not registered.
 * @example
 * ```ts
 * to_spec(new torch.optim.StepLR(optimizer, { step_size: 30 })); // { type: "StepLR", step_size: 30 }
 * ```
 */
export function to_spec(scheduler: LRScheduler): SchedulerSpec;
export function to_spec(recipe: Recipe): RecipeSpec;
export function to_spec(scheduled: LRScheduler | Recipe): Spec;
export function to_spec(scheduled: LRScheduler | Recipe): Spec {
  const problems = new Problems();
  const spec =
    scheduled instanceof Recipe
      ? spec_of_recipe(scheduled, problems)
      : spec_of(
          is_scheduler(scheduled)
            ? scheduled
            : refuse("to_spec: scheduler", "a scheduler or a recipe", scheduled),
          "",
          problems,
        );
  if (problems.count > 0) throw new SpecError(problems.list());
  return spec as Spec;
}

function spec_of_recipe({ schedules }: Recipe, problems: Problems): object {
  const entries = schedules.map((schedule, i) => {
    const { option, named } = selected_by(schedule.optimizer);
    const path = path_to(path_to_item("schedules", i), "schedule");
    return {
      ...(option === "lr" ? {} : { option }),
      ...(named ? { groups: [...named] } : {}),
      schedule: spec_of(schedule, path, problems),
    };
  });
  return { type: "Recipe", schedules: entries };
}

function spec_of(scheduler: LRScheduler, path: string, problems: Problems): object {
  const scheduler_class = scheduler.constructor as SchedulerClass;
  const type = type_of(scheduler_class);
  if (type === undefined) {
    const name = show_name(scheduler_class.name);
    problems.add(path, `is of class ${name}, which is not registered`);
  }
  const fields = fields_of(scheduler_class);
  const { schedulers, ...options } = scheduler.options as Record<string, unknown>;
  const spec: Record<string, unknown> = { type };
  for (const [option, value] of Object.entries(options)) {
    if (Object.hasOwn(fields, option) && value === fields[option].default) continue;
    spec[option] = plain_data(value, path_to(path, option), problems);
  }
  if (Array.isArray(schedulers)) {
    spec.schedulers = schedulers.map((child: LRScheduler, i) =>
      spec_of(child, path_to_item(path_to(path, "schedulers"), i), problems),
    );
  }
  return spec;
}
