import type { Numbers } from "../parameter.ts";
import type { Scalars } from "../place.ts";

/**
 * The lists of a kernel's call: the same for one call after another, so that a step makes none. What is
 * beyond those of a call is of no account.
 */
export const ARRAYS: Numbers[] = [];
/** As many as any kernel has. */
export const SCALARS: Scalars = new Float64Array(9);

type ListOf<T> = ArrayLike<T> & Iterable<T>;

/** Writes one of the lists anew. */
export function list<T, L extends ListOf<T>>(
  all: L,
  a?: T,
  b?: T,
  c?: T,
  d?: T,
  e?: T,
  f?: T,
  g?: T,
  h?: T,
  i?: T,
): L {
  const written = all as { [i: number]: T | undefined };
  written[0] = a;
  written[1] = b;
  written[2] = c;
  written[3] = d;
  written[4] = e;
  written[5] = f;
  written[6] = g;
  written[7] = h;
  written[8] = i;
  return all;
}
