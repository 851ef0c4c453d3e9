import type { OptionTable } from "torch-optim/optim";
import { CATALOGUE } from "../../../../packages/torch-optim/src/optim/lr_scheduler/catalogue.ts";

/** What moves one number of an option, or chooses its value. */
export interface Control {
  readonly option: string;
  /** Which number of a list it is. */
  readonly item?: number;
  readonly kind: "slider" | "choice" | "switch";
  readonly value: unknown;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly choices?: readonly string[];
}

type Fields = OptionTable<Record<string, unknown>>["table"];
type FieldOfOption = Fields[string];

/** How far a number can be moved that is bounded by nothing. */
const ROOM = 2;
const LEAST_COUNT = 10;
/** Into how many steps a slider of real numbers is divided. */
const STEPS = 100;

/** The options of a scheduler: what each of them may be. */
function fieldsOf(type: string): Fields {
  const { scheduler } = CATALOGUE[type as keyof typeof CATALOGUE];
  return (scheduler as unknown as { option_table: OptionTable<Record<string, unknown>> })
    .option_table.table;
}

/** The options of a spec, those that are left out included. */
export function optionsOf(spec: { readonly type: string }): Readonly<Record<string, unknown>> {
  const values = spec as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(fieldsOf(spec.type)).map(([option, field]) => [
      option,
      values[option] ?? field.default,
    ]),
  );
}

/** What moves the options of a spec, those that are left out included. */
export function controlsOf(spec: { readonly type: string }): Control[] {
  const values = optionsOf(spec);
  return Object.entries(fieldsOf(spec.type)).flatMap(([option, field]): Control[] => {
    const { [option]: value } = values;
    if (field.type === "choice") {
      return [{ option, kind: "choice", value, choices: field.choices }];
    }
    if (field.type === "boolean") return [{ option, kind: "switch", value }];
    const numbers = Array.isArray(value) ? value : [value];
    return numbers.flatMap((number, i): Control[] => {
      if (typeof number !== "number" || !Number.isFinite(number)) return [];
      const item = Array.isArray(value) ? i : undefined;
      return [{ option, item, kind: "slider", value: number, ...rangeOf(field, number) }];
    });
  });
}

/** Where a slider ends: at the option's own bounds, or with room around the value. */
function rangeOf({ type, min, above, max, below }: FieldOfOption, value: number) {
  const isWhole = type === "whole" || (type === "custom" && Number.isInteger(value) && value > 1);
  const highest = max ?? below ?? Math.max(isWhole ? LEAST_COUNT : 0, ROOM * value || 1);
  const lowest = min ?? above ?? Math.min(0, ROOM * value);
  const step = isWhole ? 1 : 10 ** Math.floor(Math.log10((highest - lowest) / STEPS) + 0.001);
  return {
    min: above === undefined || isWhole ? lowest : lowest + step,
    max: below === undefined ? highest : highest - step,
    step,
  };
}

/** A spec with another value where a control stands. */
export function moved<S extends { readonly type: string }>(
  spec: S,
  { option, item }: Control,
  value: unknown,
): S {
  if (item === undefined) return { ...spec, [option]: value };
  const list = (spec as unknown as Readonly<Record<string, unknown[]>>)[option];
  return { ...spec, [option]: list.map((each, i) => (i === item ? value : each)) };
}
