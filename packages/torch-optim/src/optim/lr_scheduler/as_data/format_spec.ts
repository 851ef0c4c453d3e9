import { read } from "../../../refusal.ts";
import { check_spec } from "./check_spec.ts";
import { class_of, fields_of, type SchedulerClass } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { LENGTH_OPTIONS, SHORT_NAMES } from "./short_names.ts";
import { SpecError } from "./spec_error.ts";
import { CONSTANTS } from "./text_reader.ts";

interface AnySpec {
  readonly type: string;
  readonly schedulers?: readonly AnySpec[];
  readonly milestones?: readonly number[];
  readonly [option: string]: unknown;
}

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
export function format_spec(spec: SchedulerSpec): string {
  const problems = check_spec(spec);
  if (problems.length > 0) throw new SpecError(problems);
  const any = spec as unknown as AnySpec;
  return has_short_form(any) ? format(any) : JSON.stringify(spec);
}

function has_short_form({ type, schedulers, $schema }: AnySpec): boolean {
  if ($schema !== undefined) return false;
  if (schedulers === undefined) return true;
  const is_composite = type === "SequentialLR" || type === "ChainedScheduler";
  return is_composite && schedulers.length > 1 && schedulers.every(has_short_form);
}

function format(spec: AnySpec, length?: number): string {
  if (spec.schedulers === undefined) return format_scheduler(spec, length);
  const { schedulers, milestones } = spec;
  if (!milestones) return schedulers.map((child) => format_inside(child)).join(" + ");
  const phases = schedulers.map((child, i) => {
    const end = milestones[i];
    return format_inside(child, end === undefined ? undefined : end - (milestones[i - 1] ?? 0));
  });
  return phases.join(" > ");
}

/** A scheduler inside another, in force for `length` epochs if that is given. */
function format_inside(spec: AnySpec, length?: number): string {
  if (spec.schedulers === undefined) return format_scheduler(spec, length);
  return `(${format(spec)})${length === undefined ? "" : `:${length}`}`;
}

function format_scheduler({ type, ...options }: AnySpec, length?: number): string {
  const [name = type] = [...SHORT_NAMES].find(([, known]) => known === type) ?? [];
  const length_option = LENGTH_OPTIONS.get(type);
  const shown = length ?? own_length(options, length_option);
  const entries = Object.entries(options).filter(([option]) => option !== length_option);
  if (length_option !== undefined && shown !== undefined) {
    const table = fields_of(class_of(type) as SchedulerClass);
    const own = options[length_option] ?? table[length_option].default;
    // The length written is the option as well, unless the option says otherwise.
    if (own !== undefined && own !== shown) entries.unshift([length_option, own]);
  }
  const written = entries.map(([option, value]) => `${option}=${format_value(value)}`).join(", ");
  return `${name}${shown === undefined ? "" : `:${shown}`}${written && `(${written})`}`;
}

function own_length(options: object, option: string | undefined): number | undefined {
  const length = option === undefined ? undefined : read(options, option);
  return typeof length === "number" ? length : undefined;
}

function format_value(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(format_value).join(", ")}]`;
  const is_word = typeof value === "string" && /^[A-Za-z_]\w*$/.test(value);
  return is_word && !CONSTANTS.has(value) ? value : JSON.stringify(value);
}
