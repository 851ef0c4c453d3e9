import { read } from "../../../refusal.ts";
import { is_sound_recipe, type SoundEntry, type SoundSpec, sound_spec } from "./check_spec.ts";
import type { Spec } from "./recipe_spec.ts";
import { entry_of, fields_of_type } from "./registry.ts";
import { CONSTANTS } from "./text_reader.ts";
import { visible } from "./visible.ts";

/**
 * The short form of a spec, which `parse_spec` reads back. The few that have none, composites of a
 * single scheduler, are written as JSON, which it reads as well.
 *
 * @throws SpecError with everything that is wrong.
 * @example
 * ```ts
 * format_spec({ type: "ReduceLROnPlateau", patience: 3 }); // "plateau(patience=3)"
 * ```
 */
export function format_spec(spec: Spec): string {
  const sound = sound_spec(spec);
  const schedules = is_sound_recipe(sound)
    ? sound.schedules.map((entry) => entry.schedule)
    : [sound];
  if (!schedules.every(has_short_form)) return visible(JSON.stringify(sound));
  return is_sound_recipe(sound) ? sound.schedules.map(format_entry).join("; ") : format(sound);
}

function format_entry({ option = "lr", groups, schedule }: SoundEntry): string {
  const names = groups ? `[${groups.map(value_in_text).join(", ")}]` : "";
  return `${option}${names} = ${format(schedule)}`;
}

function has_short_form({ type, schedulers }: SoundSpec): boolean {
  if (schedulers === undefined) return true;
  const is_composite = type === "SequentialLR" || type === "ChainedScheduler";
  return is_composite && schedulers.length > 1 && schedulers.every(has_short_form);
}

function format(spec: SoundSpec, length?: number): string {
  if (spec.schedulers === undefined) return format_scheduler(spec, length);
  const { schedulers, milestones, starts } = spec;
  if (!milestones) return schedulers.map((child) => format_inside(child)).join(" + ");
  const phases = schedulers.map((child, i) => {
    const start = starts?.[i] ?? 0;
    const end = milestones[i];
    const length = end === undefined ? undefined : end - (milestones[i - 1] ?? 0) + start;
    return format_inside(child, length, start);
  });
  return phases.join(" > ");
}

/** A scheduler inside another, in force up to its epoch `length` if that is given. */
function format_inside(spec: SoundSpec, length?: number, start = 0): string {
  if (spec.schedulers === undefined) return format_scheduler(spec, length, start);
  return `(${format(spec)})${format_stretch(length, start)}`;
}

function format_stretch(length: number | undefined, start: number): string {
  return `${length === undefined ? "" : `:${length}`}${start === 0 ? "" : `@${start}`}`;
}

function format_scheduler({ type, ...options }: SoundSpec, length?: number, start = 0): string {
  const { short_names: [name] = [type], length_option } = entry_of(type) ?? {};
  const shown = length ?? own_length(options, length_option);
  const entries = Object.entries(options).filter(([option]) => option !== length_option);
  if (length_option !== undefined && shown !== undefined) {
    const own = options[length_option] ?? fields_of_type(type)[length_option].default;
    // The length written is the option as well, unless the option says otherwise.
    if (own !== undefined && own !== shown) entries.unshift([length_option, own]);
  }
  const written = entries.map(([option, value]) => `${option}=${value_in_text(value)}`).join(", ");
  return `${name}${format_stretch(shown, start)}${written && `(${written})`}`;
}

function own_length(options: object, option: string | undefined): number | undefined {
  const length = option === undefined ? undefined : read(options, option);
  return typeof length === "number" ? length : undefined;
}

function value_in_text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(value_in_text).join(", ")}]`;
  const is_word = typeof value === "string" && /^[A-Za-z_]\w*$/.test(value);
  return is_word && !CONSTANTS.has(value) ? value : visible(JSON.stringify(value));
}
