import type { FloatArray, Numbers, ParameterLike } from "./parameter.ts";

/**
 * Where the numbers of parameters stand, and who computes there: what an optimizer needs of it. An array at
 * a place is what the place says; optimizers hand it on, and ask for no more of it than its `length`, its
 * `fill` and `set`, and to be iterated when a state is written. Where numbers cannot be written, as in the
 * tensors of TensorFlow.js and jax-js, such an array holds what was computed last.
 *
 * A parameter without a place stands in JavaScript's memory, in typed arrays or lists.
 *
 * @module torch-optim/place
 */
export interface Place {
  /**
   * Runs a kernel and gives back its arrays, of which it has written those that the kernel stores. The
   * lists are the optimizer's, for its next call; they may be longer than the kernel's.
   */
  run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[];
  /** So many zeros, beside the data of a parameter. */
  zeros(length: number, data: Numbers): FloatArray;
  /** So many numbers for one kernel to write and the next to read, which nobody keeps. */
  scratch?(length: number): FloatArray;
  /** Frees what `zeros` gave beside the data of a parameter and is a value of `old`, but none of `kept`. */
  free?(data: Numbers, old: object, kept?: object): void;
  /** Refuses a parameter whose data or gradient is none of this place's, by a sentence begun by `name`. */
  check(name: string, param: ParameterLike): void;
  /** Refuses a parameter that is too large for kernels which take it as a whole. */
  check_whole?(name: string, param: ParameterLike): void;
  /**
   * Scales gradients down, as `clip_grad_norm_` does, where the norm is not read for it. A place without it
   * clips in its own way.
   */
  clip_grad_norm?(grads: readonly Numbers[], max_norm: number, norm_type: number): PlacedNorm;
  /** Limits the numbers of gradients, as `clip_grad_value_` does. */
  clip_grad_value?(grads: readonly Numbers[], clip_value: number): void;
  /** Makes a gradient 0, before the step ends. */
  zero?(grad: Numbers): void;
  /** Carries out what was run since the last step, where that is not done at once. */
  end_step?(): void;
}

/** A norm at another place. */
export interface PlacedNorm {
  /** Reads it from there. */
  read(): Promise<number>;
}

/** What an optimizer asks of an array that stands at another place. */
export interface PlacedArray {
  /** How many numbers there are. */
  readonly length: number;
  /** Makes all numbers the same. */
  fill(value: number): unknown;
  /** Writes the numbers. */
  set(values: ArrayLike<number>): void;
  /** The numbers, where they can be read at once. */
  [Symbol.iterator](): Iterator<number>;
}

/** A parameter whose data and gradient stand at another place, in arrays of it. */
export interface PlacedParameter {
  /** The values. */
  readonly data: PlacedArray;
  /** The gradient, or `null`. */
  grad: PlacedArray | null;
  /** The size of every dimension. Default: one dimension. */
  readonly shape?: readonly number[];
  /** Where both stand. */
  readonly place: Place;
}

/** What is the same for all numbers: in float64, a flag as 0 or 1. A list may be longer than it need be. */
export type Scalars = ArrayLike<number> & Iterable<number>;

/** A formula for every number of some arrays, as each place has it in its own way, under its name. */
export interface Kernel {
  /** What other places know it by. */
  readonly name: string;
  /** Runs it on arrays in JavaScript's memory, in place. */
  run(arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[];
}

/**
 * A kernel as operations on whole arrays, which the kernels' compiler makes of its loop: for places that
 * have such operations and no kernels of their own.
 */
export interface Program {
  /**
   * What is the same for all elements, in float64: numbers that the operations take, and tests that decide
   * between them.
   */
  uniforms(scalars: Iterable<number>): (number | boolean)[];
  /** The arrays as they are after it, of the arrays before and what is the same for all elements. */
  run<A, U>(operations: Operations<A, U>, arrays: readonly A[], uniforms: readonly U[]): A[];
}

/** Operations on arrays element by element; `U` is what is the same for all elements, `A | U` meets both. */
export interface Operations<A, U> {
  /** `x + y`. */
  add(x: A | U | number, y: A | U | number): A;
  /** `x - y`. */
  sub(x: A | U | number, y: A | U | number): A;
  /** `x · y`. */
  mul(x: A | U | number, y: A | U | number): A;
  /** `x / y`. */
  div(x: A | U | number, y: A | U | number): A;
  /** The larger one. */
  max(x: A | U | number, y: A | U | number): A;
  /** The smaller one. */
  min(x: A | U | number, y: A | U | number): A;
  /** `-x`. */
  neg(x: A): A;
  /** `√x`. */
  sqrt(x: A): A;
  /** `|x|`. */
  abs(x: A): A;
  /** Whether `x < y`. */
  lt(x: A | U | number, y: A | U | number): A;
  /** Whether `x ≤ y`. */
  le(x: A | U | number, y: A | U | number): A;
  /** Whether `x > y`. */
  gt(x: A | U | number, y: A | U | number): A;
  /** Whether `x ≥ y`. */
  ge(x: A | U | number, y: A | U | number): A;
  /** Whether `x = y`. */
  eq(x: A | U | number, y: A | U | number): A;
  /** Whether `x ≠ y`. */
  ne(x: A | U | number, y: A | U | number): A;
  /** Whether both are true. */
  and(x: A, y: A): A;
  /** Whether one of them is true. */
  or(x: A, y: A): A;
  /** Whether it is false. */
  not(x: A): A;
  /** Where a test of elements is true the one, elsewhere the other. */
  where(test: A, yes: A | U | number, no: A | U | number): A;
  /** The one or the other for all elements; what is not taken need not be computed. */
  choose(test: U, yes: () => A | U | number, no: () => A | U | number): A;
}

/** What is computed when it is first asked for, if ever. */
export function lazy<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
