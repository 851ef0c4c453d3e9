import type { Budget } from "../budget.ts";
import { is_contiguous, type StoredTensor } from "../pickle/values.ts";
import { KINDS, numel, type Tensor, type TensorData } from "../tensor.ts";

/**
 * The tensor with these numbers. One whose numbers stand one after another shares the storage's memory,
 * as in PyTorch; of another one they are copied, row by row.
 */
export function tensor_in(storage: TensorData, tensor: StoredTensor, budget: Budget): Tensor {
  const { dtype, shape, offset } = tensor;
  const count = numel(shape);
  if (count === 0 || is_contiguous(tensor)) {
    const is_whole = offset === 0 && count === storage.length;
    const data = is_whole ? storage : storage.subarray(offset, offset + count);
    return { dtype, shape: [...shape], data };
  }
  const { size, is_half } = KINDS[dtype];
  budget.take(count * (is_half ? 4 : size), tensor.place);
  const data = new (storage.constructor as new (length: number) => TensorData)(count);
  gather(data as Float64Array, storage as Float64Array, tensor, {
    dimension: 0,
    from: offset,
    to: 0,
  });
  return { dtype, shape: [...shape], data };
}

/** Copies what stands apart in a storage, one dimension after the other; gives where it ended. */
function gather(
  data: Float64Array,
  storage: Float64Array,
  tensor: Pick<StoredTensor, "shape" | "strides">,
  { dimension, from, to }: { dimension: number; from: number; to: number },
): number {
  const { [dimension]: size } = tensor.shape;
  const { [dimension]: stride } = tensor.strides;
  let end = to;
  if (dimension === tensor.shape.length - 1) {
    for (let i = 0; i < size; i++) data[end++] = storage[from + i * stride];
    return end;
  }
  for (let i = 0; i < size; i++) {
    const inner = { dimension: dimension + 1, from: from + i * stride, to: end };
    end = gather(data, storage, tensor, inner);
  }
  return end;
}
