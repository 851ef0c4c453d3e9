import { type Optimizer, owner_of } from "../optim/optimizer.ts";
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
  const arrays = "averages" in owner ? arrays_of_averages(owner) : arrays_of_state(owner);
  try {
    await Promise.all(arrays.map(({ array, name }) => array.fetch(name)));
    return owner.state_dict();
  } finally {
    for (const { array } of arrays) array.forget();
  }
}

/** An array on a GPU, and what messages call it. */
interface NamedArray {
  readonly array: GPUArray;
  readonly name: string;
}

function arrays_of_state(optimizer: Optimizer): NamedArray[] {
  return optimizer.param_groups.flatMap(({ params }, g) =>
    params.flatMap((param, i) =>
      Object.entries(optimizer.state.get(param) ?? {}).flatMap(([key, entry]) =>
        named(entry, `${owner_of(optimizer)}: ${key} of parameter ${i} of group ${g}`),
      ),
    ),
  );
}

function arrays_of_averages({ averages }: AveragedModel): NamedArray[] {
  return averages.flatMap((average, i) => named(average, `AveragedModel: average ${i}`));
}

function named(array: unknown, name: string): NamedArray[] {
  return array instanceof GPUArray ? [{ array, name }] : [];
}
