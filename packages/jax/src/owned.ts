import type { numpy as np } from "@jax-js/jax";

/** An array of jax-js, or what stands for one while a function is traced. */
export type JaxArray = np.Array;

/**
 * Arrays that were made on the way to a result. jax-js counts references: each operation uses up one of
 * every operand, so operands are given as references of their own, and what was made is let go at the end.
 */
export class Owned {
  readonly #made: JaxArray[] = [];

  /** Takes an array that nobody else lets go. */
  take(array: JaxArray): JaxArray {
    this.#made.push(array);
    return array;
  }

  /** Lets go of all but the results, of which it gives references that are the caller's. */
  finish<T extends readonly JaxArray[]>(results: T): JaxArray[] {
    const kept = results.map((array) => array.ref);
    for (const array of this.#made) array.dispose();
    return kept;
  }
}

/** A reference of its own to an operand. */
export function use(x: JaxArray | number): JaxArray | number {
  return typeof x === "number" ? x : x.ref;
}
