import type { DType } from "../tensor.ts";

/** Numbers in an entry of the archive, as many tensors may share them. */
export class Storage {
  constructor(
    readonly key: string,
    readonly dtype: DType | "bytes",
    readonly count: number,
    /** Where the pickle speaks of it. */
    readonly place: number,
  ) {}
}

/** A view on a storage, whose numbers are not there yet. */
export class StoredTensor {
  constructor(
    readonly storage: Storage,
    readonly dtype: DType,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
    readonly place: number,
  ) {}
}

/** Whether its numbers stand one after another. */
export function is_contiguous({ shape, strides }: StoredTensor): boolean {
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== step) return false;
    step *= shape[d];
  }
  return true;
}

export function is_count(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
