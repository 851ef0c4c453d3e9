import { COUNT, checked, number } from "../fields.ts";
import { is_typed } from "../numbers.ts";
import { type FloatArray, type ParameterLike, plain_zeros, zeros_like } from "../parameter.ts";
import { refuse } from "../refusal.ts";
import type { ParamGroup } from "./params.ts";
import { read_floats, read_number } from "./state_numbers.ts";
import type { StateField } from "./state_table.ts";

/** The entries of a state table: what an optimizer remembers of a parameter. */

/** Between what the numbers of an entry are; they are finite as long as the parameter is. */
interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** The steps that a parameter has taken: a whole number, 0 at first. */
export const count: StateField<number> = {
  initial: () => 0,
  read: (name, value) => checked(name, COUNT, value),
};

/** A number, at first as the options of the group say; by default 0. */
export function scalar<Options = object>(
  initial: (group: ParamGroup<Options>) => number = () => 0,
  limits: Limits = {},
): StateField<number, Options> {
  const field = number(limits);
  return {
    initial: (_, group) => initial(group),
    read: (name, value, param) => read_number(name, value, field, param),
  };
}

/** Numbers in the parameter's precision, as many as it has, 0 at first. */
export function like_param(limits: Limits = {}): StateField<FloatArray> {
  return floats(({ data }) => data.length, limits);
}

/** The same of another length, which `length_for` gives. */
export function floats(
  length_for: (param: ParameterLike) => number,
  limits: Limits = {},
): StateField<FloatArray> {
  const field = number(limits);
  const place = (param: ParameterLike) => zeros_like(param, length_for(param));
  return {
    initial: place,
    place,
    // An array of the right kind is kept, and copied to its place when all has been read.
    read: (name, value, param) => {
      const length = length_for(param);
      const none = plain_zeros(param.data, 0);
      const given = Object(value) as FloatArray;
      const is_kept = given.constructor === none.constructor && given.length === length;
      return read_floats(name, value, is_kept ? given : plain_zeros(none, length), field, [param]);
    },
  };
}

/** Numbers that begin as the options of the group say. */
export function filled<Options = object>(
  fill: (group: ParamGroup<Options>) => number,
  field: StateField<FloatArray, NoInfer<Options>>,
): StateField<FloatArray, Options> {
  return { ...field, initial: (param, group) => field.initial(param, group).fill(fill(group)) };
}

/** What there is only where the options of the group, or the parameter, ask for it. */
export function when<T, Options = object>(
  asked: (group: ParamGroup<Options>, param: ParameterLike) => boolean,
  field: StateField<T, NoInfer<Options>>,
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
      if (!Array.isArray(value)) refuse(name, "a list", value);
      if (value.length > most) {
        throw new RangeError(`${name} must have at most ${most} items, got ${value.length}`);
      }
      return Array.from(value, (entry, i) => {
        const read = item.read(`${name}[${i}]`, entry, param, group);
        return is_typed(read) && read === entry ? (read.slice() as T) : read;
      });
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
