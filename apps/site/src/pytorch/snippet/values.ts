import { Fault } from "./fault.ts";

/** What a name or an expression of a snippet stands for, as far as it can be told without running it. */
export type Value =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "constant"; readonly value: boolean | null }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "dictionary"; readonly entries: ReadonlyMap<string, Value> }
  | { readonly kind: "function" }
  | { readonly kind: "optimizer"; readonly optimizer: Optimizer }
  | { readonly kind: "scheduler"; readonly scheduler: Built }
  /** A name that the snippet does not explain, or one that was imported: `torch.optim`. */
  | { readonly kind: "path"; readonly path: string; readonly position: number }
  | { readonly kind: "unknown"; readonly fault: Fault };

export type Path = Extract<Value, { kind: "path" }>;

/** An optimizer, as far as a schedule is concerned. */
export interface Optimizer {
  /** What is given as its lr; nothing where it has a default. */
  readonly lr: Value | undefined;
  /** The lrs that parameter groups have of their own. */
  readonly groupLrs: readonly Value[];
}

/** A scheduler that the snippet builds. */
export interface Built {
  readonly type: string;
  readonly spec: object;
  readonly children: readonly Built[];
  /** The optimizer that it was given. */
  readonly optimizer: Value | undefined;
  readonly position: number;
  /** Where its arguments stand, by the name of the option. */
  readonly places: ReadonlyMap<string, number>;
  /** How many schedulers it is, with those inside it, and how deep they stand. */
  readonly size: number;
  readonly depth: number;
  /** Whether something else has taken it: it is not what the snippet is about. */
  isTaken: boolean;
  /** Whether the snippet steps it. */
  isStepped: boolean;
}

export const NONE: Value = { kind: "constant", value: null };

export function numberOf(value: number): Value {
  return { kind: "number", value };
}

export function unknown(message: string, position: number): Value {
  return { kind: "unknown", fault: new Fault(message, position) };
}

/** What is wrong with a value that must be known. */
export function faultOf(value: Value, position: number): Fault {
  if (value.kind === "unknown") return value.fault;
  if (value.kind === "path") {
    const { path } = value;
    return new Fault(
      `${path} is not known: write its value in its place, or ${path} = … in a line above`,
      value.position,
    );
  }
  if (value.kind === "function") {
    return new Fault("a function cannot be data: write a number in its place", position);
  }
  return new Fault(`a ${value.kind} cannot stand here`, position);
}
