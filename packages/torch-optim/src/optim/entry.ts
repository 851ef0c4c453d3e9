import { checked, number, whole_number } from "../fields.ts";
import { type FloatArray, type ParameterLike, plain_zeros, zeros_like } from "../parameter.ts";
import { refusal } from "../refusal.ts";
import type { ParamGroup } from "./params.ts";
import { read_floats, read_number } from "./state_numbers.ts";
import type { StateField } from "./state_table.ts";

/**
 * The entries of a state table: what an optimizer remembers of a parameter.
 */

/** Between what the numbers of an entry are. They are finite as long as the parameter is. */
interface Limits {
  readonly min?: number;
  readonly max?: number;
}

const STEPS = whole_number({ min: 0 });

/** A value, or what the group's options make of them. */
type FromGroup<Options> = number | ((group: ParamGroup<Options>) => number);

function value_of<Options>(from: FromGroup<Options>, group: ParamGroup<Options>): number {
  return typeof from === "number" ? from : from(group);
}

/** The steps that a parameter has taken: a whole number, 0 at first. */
export const count: StateField<number> = {
  initial: () => 0,
  read: (name, value) => checked(name, STEPS, value),
};

/** A number, by default 0 at first. */
export function scalar<Options = object>({
  initial = 0,
  ...limits
}: Limits & { readonly initial?: FromGroup<Options> } = {}): StateField<number, Options> {
  const field = number(limits);
  return {
    initial: (_, group) => value_of(initial, group),
    read: (name, value, param) => read_number(name, value, field, param),
  };
}

/** Numbers in the parameter's precision, as many as it has; by default all 0 at first. */
export function like_param<Options = object>(
  options: Limits & { readonly fill?: FromGroup<Options> } = {},
): StateField<FloatArray, Options> {
  return floats(({ data }) => data.length, options);
}

/** Numbers in the parameter's precision, as many as `length_for` says; by default all 0 at first. */
export function floats<Options = object>(
  length_for: (param: ParameterLike) => number,
  { fill = 0, ...limits }: Limits & { readonly fill?: FromGroup<Options> } = {},
): StateField<FloatArray, Options> {
  const field = number(limits);
  const place = (param: ParameterLike) => zeros_like(param, length_for(param));
  return {
    initial: (param, group) =>
      fill === 0 ? place(param) : place(param).fill(value_of(fill, group)),
    place,
    read: (name, value, param) => {
      const array = plain_zeros(param.data, length_for(param));
      return read_floats(name, value, array, field, [param]);
    },
  };
}

/** What is there only if the options of the group, or the parameter, ask for it. */
export function when<T, Options = object>(
  asked: (group: ParamGroup<Options>, param: ParameterLike) => boolean,
  field: StateField<T, Options>,
): StateField<T, Options> {
  return { ...field, asked };
}

/** `null` beside what `field` reads, and at first. */
export function or_null<T, Options = object>(
  field: StateField<T, Options>,
): StateField<T | null, Options> {
  return {
    ...field,
    initial: () => null,
    read: (name, value, param, group) =>
      value === null ? null : field.read(name, value, param, group),
  };
}

/** A list of what `item` reads, of at most so many; empty at first. */
export function list_of<T, Options = object>(
  item: StateField<T, Options>,
  most: number,
): StateField<T[], Options> {
  return {
    initial: () => [],
    read: (name, value, param, group) => {
      if (!Array.isArray(value)) throw new TypeError(`${name} ${refusal("a list", value)}`);
      if (value.length > most) {
        throw new RangeError(`${name} must have at most ${most} items, got ${value.length}`);
      }
      return Array.from(value, (entry, i) => item.read(`${name}[${i}]`, entry, param, group));
    },
  };
}

/** What a state may lack, by the entries that stand before it in the table. */
export function optional<T, Options = object>(
  field: StateField<T, Options>,
  may_lack: (entries: Readonly<Record<string, unknown>>) => boolean = () => true,
): StateField<T, Options> {
  return { ...field, optional: may_lack };
}
