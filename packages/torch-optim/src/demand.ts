import { refusal } from "./refusal.ts";

/** Refuses the wrong kind of thing, unless it `holds` that it is the right one. */
export function demand(
  holds: boolean,
  name: string,
  expected: string,
  value: unknown,
): asserts holds {
  if (!holds) throw new TypeError(`${name} ${refusal(expected, value)}`);
}

/** Refuses a list of another length. */
export function demand_length(
  name: string,
  list: ArrayLike<unknown>,
  length: number,
  things: string,
): void {
  if (list.length === length) return;
  throw new RangeError(`${name} must have ${length} ${things}, got ${list.length}`);
}
