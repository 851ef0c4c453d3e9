import type { RecipeSpec, ScheduleEntry } from "torch-optim/lr_scheduler";
import type { Plan } from "../studio/plan.ts";
import { lengthOf } from "./layout.ts";
import type { Edit } from "./structure.ts";
import { entryPath } from "./tree.ts";

/** What optimizers' groups have, in the order in which it is offered. */
export const OPTIONS = ["lr", "weight_decay", "momentum", "eps"];

/** A recipe that moves the lr as the plan does. */
export function toRecipe(plan: Plan): Edit | undefined {
  if (plan.spec.type === "Recipe") return undefined;
  return recipeOf(plan, [{ schedule: plan.spec }], 0);
}

/** One schedule of a recipe, as the only one there is. */
export function toPlain(plan: Plan, entry: number): Edit | undefined {
  const schedule = entriesOf(plan)[entry]?.schedule;
  return schedule && { plan: { ...plan, spec: schedule }, path: "" };
}

/** Adds a schedule of an option that no other one moves yet. */
export function addSchedule(plan: Plan): Edit | undefined {
  const entries = entriesOf(plan);
  const moved = new Set(entries.map(({ option = "lr" }) => option));
  const option = OPTIONS.find((name) => !moved.has(name));
  if (option === undefined) return undefined;
  const total_iters = lengthOf(plan);
  const schedule = { type: "RampLR", total_iters, end_factor: 0.1, shape: "cosine" } as const;
  return recipeOf(plan, [...entries, { option, schedule }], entries.length);
}

/** Takes a schedule away; the last one stays. */
export function removeSchedule(plan: Plan, entry: number): Edit | undefined {
  const entries = entriesOf(plan);
  if (entries.length < 2) return undefined;
  return recipeOf(plan, entries.toSpliced(entry, 1), Math.max(0, entry - 1));
}

/** Lets a schedule move another option, or other groups; none are all. */
export function setMoved(
  plan: Plan,
  entry: number,
  { option, groups }: Pick<ScheduleEntry, "option" | "groups">,
): Edit | undefined {
  const entries = entriesOf(plan);
  const schedule = entries[entry]?.schedule;
  if (!schedule) return undefined;
  const named = option === undefined || option === "lr" ? {} : { option };
  const next = { ...named, ...(groups === undefined ? {} : { groups }), schedule };
  return recipeOf(plan, entries.with(entry, next), entry);
}

function entriesOf({ spec }: Plan): readonly ScheduleEntry[] {
  return spec.type === "Recipe" && Array.isArray(spec.schedules) ? spec.schedules : [];
}

function recipeOf(plan: Plan, schedules: readonly ScheduleEntry[], entry: number): Edit {
  const spec: RecipeSpec = { type: "Recipe", schedules };
  return { plan: { ...plan, spec }, path: entryPath(entry) };
}
