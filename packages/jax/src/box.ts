import type { FloatArray } from "torch-optim";
import type { JaxArray } from "./owned.ts";

/** An array at jax-js' place: what is computed last takes the place of what there was. */
export class Box {
  readonly length: number;
  /** What fills it at first. */
  value = 0;
  /** What stands in it while an update is traced. */
  array: JaxArray | undefined;

  constructor(length: number, array?: JaxArray) {
    this.length = length;
    this.array = array;
  }

  fill(value: number): this {
    this.value = value;
    return this;
  }
}

/** What optimizers take for an array, of which they ask no more than there is. */
export function as_numbers(box: Box): FloatArray {
  const array: unknown = box;
  return array as FloatArray;
}
