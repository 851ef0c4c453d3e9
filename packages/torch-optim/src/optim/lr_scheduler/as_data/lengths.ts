import { is_object, read } from "../../../refusal.ts";
import type { Counts } from "../catalogue.ts";
import { is_recipe } from "./build_recipe.ts";
import { path_to, path_to_item } from "./problems.ts";
import { entry_of } from "./registry.ts";

/** What shares and epochs in a spec are counted by. */
export interface Lengths {
  /** How many steps the whole schedule has: what a share such as `"5%"` is of. */
  total?: number;
  /** How many steps an epoch has: what `"2ep"` counts. */
  steps_per_epoch?: number;
}

/** A number of steps that is a sum of shares, epochs and steps. */
export interface Quantity {
  readonly steps: number;
  readonly percent: number;
  readonly epochs: number;
}

const WRITTEN = /^(\d+(?:\.\d*)?|\.\d+)(%|ep)$/;
const NONE: Quantity = { steps: 0, percent: 0, epochs: 0 };

/** A number, or a text such as "5%" or "2ep", as a quantity; nothing of anything else. */
export function quantity_of(value: unknown): Quantity | undefined {
  if (is_quantity(value)) return value;
  if (typeof value === "number") return { ...NONE, steps: value };
  const [, amount, unit] = (typeof value === "string" && WRITTEN.exec(value)) || [];
  if (amount === undefined) return undefined;
  return { ...NONE, [unit === "%" ? "percent" : "epochs"]: Number(amount) };
}

function is_quantity(value: unknown): value is Quantity {
  return is_object(value) && "percent" in value;
}

export function sum(a: Quantity, b: Quantity, sign = 1): Quantity {
  return {
    steps: a.steps + sign * b.steps,
    percent: a.percent + sign * b.percent,
    epochs: a.epochs + sign * b.epochs,
  };
}

/** How lengths become numbers. */
export interface Conversion {
  /** The steps of a quantity, not rounded yet. */
  exact(quantity: Quantity): number;
  /** What an option that counts epochs is, if it is to be converted. */
  quantity(value: unknown, path: string): Quantity | undefined;
  /** Says that a stretch of steps is wrong. */
  judge?(stretch: Stretch): void;
  /** What else of a scheduler changes, and its defaults. */
  scheduler?(options: Record<string, unknown>, counts: Counts, path: string): object;
}

/** Some steps of a schedule. */
export interface Stretch {
  readonly begin: Quantity;
  readonly length: Quantity;
  readonly path: string;
  /** Whether it is a warm-up at the beginning of all, which may have no step. */
  readonly is_warmup: boolean;
}

/**
 * Data with its lengths converted. A length `n` that begins at `s` becomes `round(s + n) - round(s)`, so
 * that what is laid end to end stays so; a period `round(n)`; a half is rounded up.
 */
export function convert_lengths(data: unknown, conversion: Conversion): unknown {
  if (!is_recipe(data)) return converted(data, "", NONE, conversion, true);
  const schedules = read(data, "schedules");
  if (!Array.isArray(schedules)) return data;
  const entries = schedules.map((entry, i) => {
    if (!is_object(entry)) return entry;
    const path = path_to(path_to_item("schedules", i), "schedule");
    return { ...entry, schedule: converted(read(entry, "schedule"), path, NONE, conversion, true) };
  });
  return { ...data, schedules: entries };
}

function converted(
  data: unknown,
  path: string,
  begin: Quantity,
  conversion: Conversion,
  is_first: boolean,
): unknown {
  if (!is_object(data)) return data;
  const type = read(data, "type");
  const counts = entry_of(type)?.counts ?? {};
  const own = data as Record<string, unknown>;
  const options = { ...own, ...conversion.scheduler?.(own, counts, path) };
  const is_warmup = is_first && can_be_warmup(type);
  for (const [option, kind] of Object.entries(counts)) {
    const { [option]: value } = options;
    if (value === undefined) continue;
    const place = path_to(path, option);
    const convert = (item: unknown, at: string, i = 0) => {
      const quantity = conversion.quantity(item, at);
      if (!quantity) return item;
      if (kind === "start") {
        // A phase that starts in the middle of its curve would have begun that earlier.
        const begun = sum(begin_of_phase(own, i, begin), quantity, -1);
        return steps_between(begun, quantity, conversion);
      }
      if (kind === "period") return round(conversion.exact(quantity));
      if (kind === "length") conversion.judge?.({ begin, length: quantity, path: at, is_warmup });
      return steps_between(begin, quantity, conversion);
    };
    options[option] = Array.isArray(value)
      ? value.map((item, i) => convert(item, path_to_item(place, i), i))
      : convert(value, place);
  }
  const { schedulers } = own;
  if (Array.isArray(schedulers)) {
    options.schedulers = with_children(own, schedulers, path, begin, conversion, is_first);
  }
  return options;
}

function with_children(
  parent: Record<string, unknown>,
  schedulers: readonly unknown[],
  path: string,
  begin: Quantity,
  conversion: Conversion,
  is_first: boolean,
): unknown[] {
  return schedulers.map((child, i) => {
    const place = path_to_item(path_to(path, "schedulers"), i);
    const from = begin_of_phase(parent, i, begin);
    const end = quantity_in(parent, "milestones", i);
    if (end) {
      const length = sum(sum(begin, end), from, -1);
      const is_warmup =
        is_first && i === 0 && is_object(child) && can_be_warmup(read(child, "type"));
      conversion.judge?.({ begin: from, length, path: place, is_warmup });
    }
    const begun = sum(from, quantity_in(parent, "starts", i) ?? NONE, -1);
    return converted(child, place, begun, conversion, is_first && i === 0);
  });
}

/** Where a phase of a sequence that begins at `begin` does so. */
function begin_of_phase(
  sequence: Record<string, unknown>,
  phase: number,
  begin: Quantity,
): Quantity {
  return sum(begin, quantity_in(sequence, "milestones", phase - 1) ?? NONE);
}

function quantity_in(
  options: Record<string, unknown>,
  option: string,
  index: number,
): Quantity | undefined {
  const list = options[option];
  return Array.isArray(list) ? quantity_of(list[index]) : undefined;
}

function can_be_warmup(type: unknown): boolean {
  return type === "LinearLR" || type === "RampLR";
}

export function steps_between(
  begin: Quantity,
  length: Quantity,
  { exact }: Pick<Conversion, "exact">,
): number {
  return round(exact(sum(begin, length))) - round(exact(begin));
}

/** The nearest whole number; a half is rounded up. */
export function round(steps: number): number {
  return Math.floor(steps + 0.5);
}
