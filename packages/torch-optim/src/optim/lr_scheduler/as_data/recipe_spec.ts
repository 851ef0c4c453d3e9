import type { SchedulerSpec } from "./scheduler_spec.ts";

/** One schedule of a recipe: what it moves, and how. */
export interface ScheduleEntry {
  /** The option that it moves, as in `select`. Default `"lr"`. */
  readonly option?: string;
  /** The groups whose option it is, by index or name. Default: all. */
  readonly groups?: readonly (number | string)[];
  /** What the option does. */
  readonly schedule: SchedulerSpec;
}

/** A recipe written down as data: several schedules, each of an option of its own. */
export interface RecipeSpec {
  /** What it is. */
  readonly type: "Recipe";
  /** The schedules, of which no two move the same option of the same group. */
  readonly schedules: readonly ScheduleEntry[];
}

/** Whatever is scheduled, written down. */
export type Spec = SchedulerSpec | RecipeSpec;
