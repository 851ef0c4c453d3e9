import type { Optimizer } from "../optim/optimizer.ts";
import type { OptimizerState } from "../optim/optimizer_state.ts";
import { GPUArray } from "./gpu_array.ts";

/**
 * The state of an optimizer with parameters on a GPU, as `state_dict()` gives that of others: in PyTorch's
 * form, a plain object that survives JSON. `optimizer.load_state_dict` takes it up, on a GPU or not.
 *
 * @throws Error, as a rejected promise, if the device cannot give the numbers.
 * @example
 * ```ts
 * const text = JSON.stringify(await read_state_dict(optimizer));
 * ```
 */
export async function read_state_dict(optimizer: Optimizer): Promise<OptimizerState> {
  const arrays = [...optimizer.state.values()]
    .flatMap((state): unknown[] => Object.values(state))
    .filter((entry) => entry instanceof GPUArray);
  try {
    await Promise.all(arrays.map((array) => array.fetch()));
    return optimizer.state_dict();
  } finally {
    for (const array of arrays) array.forget();
  }
}
