import { is_object, read, refusal } from "../../../refusal.ts";
import type { SchedulableOptimizer } from "../../param_group.ts";
import type { LRScheduler } from "../lr_scheduler.ts";
import { Recipe } from "../recipe.ts";
import { select } from "../select.ts";
import { are_few, build_scheduler } from "./build_scheduler.ts";
import { type Problems, path_to, path_to_item } from "./problems.ts";

/** How many schedules a recipe may have. */
const MOST_SCHEDULES = 1000;
const KEYS = ["option", "groups", "schedule"];

/** Whether data describes a recipe, and no single scheduler. */
export function is_recipe(data: unknown): data is object {
  return is_object(data) && read(data, "type") === "Recipe";
}

/** Builds the scheduler or recipe that plain data describes, if it is sound, and notes what is wrong. */
export function build_any(
  optimizer: SchedulableOptimizer,
  data: unknown,
  problems: Problems,
): LRScheduler | Recipe | undefined {
  return is_recipe(data)
    ? build_recipe(optimizer, data, problems)
    : build_scheduler(optimizer, data, problems);
}

function build_recipe(
  optimizer: SchedulableOptimizer,
  data: object,
  problems: Problems,
): Recipe | undefined {
  for (const key of Object.keys(data)) {
    if (key === "type" || key === "schedules") continue;
    problems.add(path_to("", key), "is not an option; the options are: schedules");
  }
  const entries = read(data, "schedules");
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST_SCHEDULES) {
    const wanted = `a list of 1 to ${MOST_SCHEDULES} schedules`;
    return problems.add("schedules", refusal(wanted, entries));
  }
  // Each of them looks at every group, those that it does not move included.
  const trees = entries.map((entry) => (is_object(entry) ? read(entry, "schedule") : undefined));
  if (!are_few(optimizer, trees, "schedules", problems)) return undefined;
  const schedules = entries.map((entry, i) =>
    build_entry(optimizer, entry, path_to_item("schedules", i), problems),
  );
  if (problems.count > 0) return undefined;
  return attempt("", problems, () => {
    return new Recipe(optimizer, { schedules: schedules as LRScheduler[] });
  });
}

function build_entry(
  optimizer: SchedulableOptimizer,
  entry: unknown,
  path: string,
  problems: Problems,
): LRScheduler | undefined {
  if (!is_object(entry)) {
    return problems.add(path, refusal("an object with a schedule", entry));
  }
  const { schedule, ...selected } = entry as Record<string, unknown>;
  for (const key of Object.keys(selected)) {
    if (KEYS.includes(key)) continue;
    problems.add(path_to(path, key), `is not an option; the options are: ${KEYS.join(", ")}`);
  }
  const selection = attempt(path, problems, () => select(optimizer, selected));
  return build_scheduler(selection ?? optimizer, schedule, problems, path_to(path, "schedule"));
}

/** What `act` gives; what it throws, "class: option must be …", is noted of the option. */
function attempt<T>(path: string, problems: Problems, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    const [, option = "", message = String(error)] =
      /^\w+: (\w+) (.*)$/s.exec((error as Error).message) ?? [];
    return problems.add(path_to(path, option), message);
  }
}
