import { mersenne, unsafeUniformIntDistribution as uniform } from "pure-rand";

/**
 * A generator for one purpose of a run. Nothing is drawn across purposes, so the order of the data
 * in an epoch follows from seed and epoch alone, and a resumed run has no generator to restore.
 */
function generator(seed: number, purpose: number) {
  return mersenne(Math.imul(seed, 0x9e3779b1) ^ Math.imul(purpose, 0x85ebca6b));
}

/** The numbers from 0 to below `count` in random order. */
export function shuffled(count: number, seed: number, purpose: number): number[] {
  const random = generator(seed, purpose);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = uniform(0, i, random);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** `count` numbers, evenly spread from `-bound` to `bound`. */
export function uniformFloats(count: number, bound: number, seed: number, purpose: number) {
  const random = generator(seed, purpose);
  const steps = 1 << 24;
  return Float32Array.from(
    { length: count },
    () => ((uniform(0, steps, random) / steps) * 2 - 1) * bound,
  );
}
