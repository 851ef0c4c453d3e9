import { is_sound_recipe, type SoundSpec, sound_spec } from "./check_spec.ts";
import type { Spec } from "./recipe_spec.ts";
import { entry_of, fields_of } from "./registry.ts";

/**
 * How many epochs a schedule is made for: of a sequence its last milestone plus the length of its
 * last phase from its start on; of a chain or a recipe that of the longest in it; of a scheduler the
 * option that says it, such as `T_max` of `CosineAnnealingLR`, or that option's default; of warm
 * restarts `T_0`. Undefined where nothing says it, as for `StepLR`.
 *
 * @throws SpecError with everything that is wrong.
 * @example
 * ```ts
 * spec_length(parse_spec("linear:10 > cosine:90")); // 100
 * spec_length(parse_spec("linear:10 > step(step_size=30)")); // undefined
 * ```
 */
export function spec_length(spec: Spec): number | undefined {
  const sound = sound_spec(spec);
  return is_sound_recipe(sound)
    ? longest(sound.schedules.map(({ schedule }) => length_of(schedule)))
    : length_of(sound);
}

function length_of(spec: SoundSpec): number | undefined {
  const { schedulers, milestones, starts } = spec;
  if (schedulers === undefined) return own_length(spec);
  if (milestones === undefined) {
    return longest(schedulers.map(length_of));
  }
  const last = length_of(schedulers[schedulers.length - 1]);
  return last === undefined ? undefined : (milestones.at(-1) ?? 0) + last - (starts?.at(-1) ?? 0);
}

function longest(lengths: readonly (number | undefined)[]): number | undefined {
  const known = lengths.filter((length) => length !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
}

function own_length(spec: SoundSpec): number | undefined {
  const { length_option = "num_training_steps" } = entry_of(spec.type) ?? {};
  switch (spec.type) {
    case "OneCycleLR":
      return (
        count(spec, length_option) ?? product(count(spec, "epochs"), count(spec, "steps_per_epoch"))
      );
    case "WSDSchedule":
      return count(spec, "num_stable_steps") === undefined
        ? count(spec, length_option)
        : stages(spec);
    default:
      return count(spec, length_option);
  }
}

/** A number of epochs that a spec or a default says. */
function count(spec: SoundSpec, option: string): number | undefined {
  const { scheduler } = entry_of(spec.type) ?? {};
  const table = scheduler ? fields_of(scheduler) : {};
  const value = spec[option] ?? (Object.hasOwn(table, option) ? table[option].default : undefined);
  return typeof value === "number" ? value : undefined;
}

function product(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

/** The steps of a `WSDSchedule` that says those of each stage. */
function stages({ num_warmup_steps, num_stable_steps, num_decay_steps }: SoundSpec): number {
  return Number(num_warmup_steps) + Number(num_stable_steps) + Number(num_decay_steps);
}
