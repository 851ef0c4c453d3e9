import type { Optimizer } from "../optim/optimizer.ts";
import type { OptimizerState } from "../optim/optimizer_state.ts";
import type { AveragedModel, AveragedModelState } from "../optim/swa_utils/averaged_model.ts";
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
export async function read_state_dict(optimizer: Optimizer): Promise<OptimizerState>;
/** The same of the averages of a model; not while they stand in it. */
export async function read_state_dict(averaged: AveragedModel): Promise<AveragedModelState>;
export async function read_state_dict(
  owner: Optimizer | AveragedModel,
): Promise<OptimizerState | AveragedModelState> {
  const entries =
    "averages" in owner
      ? owner.averages
      : [...owner.state.values()].flatMap((state): unknown[] => Object.values(state));
  const arrays = entries.filter(
    (entry): entry is GPUArray & typeof entry => entry instanceof GPUArray,
  );
  try {
    await Promise.all(arrays.map((array) => array.fetch()));
    return owner.state_dict();
  } finally {
    for (const array of arrays) array.forget();
  }
}
