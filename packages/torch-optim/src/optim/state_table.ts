import { is_typed } from "../numbers.ts";
import type { FloatArray, ParameterLike } from "../parameter.ts";
import type { Values } from "./group_options.ts";
import type { ParamGroup } from "./params.ts";
import { type StateEntry, type TypedEntry, write_entry } from "./state_numbers.ts";

/** One entry of a parameter's state: what it is at first, and how it is taken out of a saved state. */
export interface StateField<T, Options = object> {
  /** Its value when the parameter is updated for the first time. */
  initial(param: ParameterLike, group: ParamGroup<Options>): T;
  /** The value out of a state; throws the sentence, begun by `name`, that refuses another value. */
  read(name: string, value: unknown, param: ParameterLike, group: ParamGroup<Options>): T;
  /** Zeros where the numbers that were read can stand beside the parameter's. */
  place?(param: ParameterLike, group: ParamGroup<Options>): FloatArray;
  /** Whether a group's options ask for it; without this they always do. */
  asked?(group: ParamGroup<Options>, param: ParameterLike): boolean;
  /** Whether a state may lack it, by the entries before it in the table; it is as at first then. */
  optional?(entries: Readonly<Record<string, unknown>>): boolean;
}

/** The entries of a parameter's state, one field for each. */
export type StateTable<State, Options = object> = {
  readonly [K in keyof State]-?: StateField<Exclude<State[K], undefined>, Options>;
};

/** The fields of a table, by their keys. */
export type StateFields = readonly (readonly [key: string, field: StateField<unknown>])[];

function is_asked(
  { asked }: StateField<unknown>,
  param: ParameterLike,
  group: ParamGroup<object>,
): boolean {
  return asked?.(group, param) ?? true;
}

/** Puts what is not there yet into a state, as far as a group's options ask for it. */
export function complete(
  state: Values,
  fields: StateFields,
  param: ParameterLike,
  group: ParamGroup<object>,
): void {
  for (let i = 0; i < fields.length; i++) {
    const [key, field] = fields[i];
    if (state[key] === undefined && is_asked(field, param, group)) {
      state[key] = field.initial(param, group);
    }
  }
}

/** The entries of a state as they are saved, with what an option that is on now will begin with. */
export function write_entries(
  state: Values,
  fields: StateFields,
  param: ParameterLike,
  group: ParamGroup<object>,
  typed: boolean,
): Record<string, StateEntry | TypedEntry> {
  const entries: Record<string, StateEntry | TypedEntry> = {};
  for (const [key, field] of fields) {
    const is_there = state[key] !== undefined;
    if (is_there || is_asked(field, param, group)) {
      entries[key] = write_entry(is_there ? state[key] : field.initial(param, group), typed);
    }
  }
  return entries;
}

/** The entries out of a saved state. Nothing has changed yet when it throws. */
export function read_entries(
  path: string,
  saved: Values,
  fields: StateFields,
  param: ParameterLike,
  group: ParamGroup<object>,
): Values {
  const entries: Values = {};
  for (const [key, field] of fields) {
    if (!is_asked(field, param, group)) continue;
    const { [key]: value } = saved;
    if (value !== undefined) entries[key] = field.read(`${path}.${key}`, value, param, group);
    else if (field.optional?.(entries)) entries[key] = field.initial(param, group);
    else throw new Error(`${path}.${key} is missing`);
  }
  return entries;
}

/** Takes up entries: into the arrays that a state has, where they fit, or else into new ones. */
export function take_up(
  state: Values,
  entries: Values,
  fields: StateFields,
  param: ParameterLike,
  group: ParamGroup<object>,
): Values {
  for (const [key, field] of fields) {
    const { [key]: value } = entries;
    const { [key]: own } = state;
    if (!is_typed(value)) continue;
    const known = own as FloatArray | undefined;
    const place = known?.set && known.length === value.length ? known : field.place?.(param, group);
    place?.set(value);
    entries[key] = place ?? value;
  }
  return entries;
}
