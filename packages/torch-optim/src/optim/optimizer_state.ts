import { check_length } from "../numbers.ts";
import { is_object, refuse } from "../refusal.ts";
import type { Values } from "./group_options.ts";
import type { StateEntry, TypedEntry } from "./state_numbers.ts";

/** An optimizer's state in PyTorch's form: parameters are counted through all groups. */
export interface OptimizerState<Entry = StateEntry> {
  /** What is kept of every parameter, under its number. */
  state: { [index: string]: { [key: string]: Entry } };
  /** The options of every group, and its parameters. */
  param_groups: {
    [option: string]: unknown;
    /** The numbers of its parameters. */
    params: number[];
  }[];
}

/** The same with typed arrays in place of lists of numbers. */
export type TypedOptimizerState = OptimizerState<TypedEntry>;

/** The own values of a saved object, each read once. */
export function values_in(path: string, saved: unknown): Values {
  return is_object(saved) ? { ...saved } : refuse(path, "an object", saved);
}

/** A saved list of so many. */
export function list_in(path: string, saved: unknown, count: number, things: string): unknown[] {
  if (!Array.isArray(saved)) refuse(path, "a list", saved);
  check_length(path, saved, count, things);
  return Array.from(saved);
}

/** Writes values into parameter groups; if one of them refuses, all are as they were. */
export function write_groups(owner: string, groups: readonly Values[], values: readonly Values[]) {
  const before = groups.map((group) => ({ ...group }));
  try {
    for (const [g, group] of groups.entries()) Object.assign(group, values[g]);
  } catch (cause) {
    for (const [g, group] of groups.entries()) {
      for (const key of Object.keys(values[g])) {
        if (key in before[g]) Reflect.set(group, key, before[g][key]);
        else Reflect.deleteProperty(group, key);
      }
    }
    throw new Error(`${owner}: param_groups must be writable`, { cause });
  }
}
