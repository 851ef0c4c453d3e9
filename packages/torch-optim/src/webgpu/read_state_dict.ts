import { type Optimizer, owner_of } from "../optim/optimizer.ts";
import type { OptimizerState } from "../optim/optimizer_state.ts";
import { write_entry } from "../optim/state_numbers.ts";
import type { AveragedModel, AveragedModelState } from "../optim/swa_utils/averaged_model.ts";
import { GPUArray, without_numbers } from "./gpu_array.ts";
import { GPUParameter } from "./gpu_parameter.ts";

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
/** The same of the averages of a model, also while they stand in it. */
export async function read_state_dict(averaged: AveragedModel): Promise<AveragedModelState>;
export async function read_state_dict(
  owner: Optimizer | AveragedModel,
): Promise<OptimizerState | AveragedModelState> {
  return "averages" in owner ? read_averages(owner) : read_optimizer(owner);
}

/** Everything is as it is at the call: what is not on a GPU is copied, and what is there is asked for, at once. */
async function read_optimizer(optimizer: Optimizer): Promise<OptimizerState> {
  const places = optimizer.param_groups.flatMap(({ params }, g) =>
    params.map((param, i) => ({ param, name: `parameter ${i} of group ${g}` })),
  );
  const entries = places.flatMap(({ param, name }, index) =>
    Object.entries(optimizer.state.get(param) ?? {}).flatMap(([key, array]) =>
      array instanceof GPUArray ? [{ index, key, array, name: `${key} of ${name}` }] : [],
    ),
  );
  const arrays = new Set<GPUArray>(entries.map(({ array }) => array));
  const { taken, made } = without_numbers(
    () => optimizer.state_dict(),
    (array) => arrays.has(array),
  );
  for (const { param } of places) if (param instanceof GPUParameter) param.free(made);
  const owner = owner_of(optimizer);
  const read = entries.map(({ array, name }) => array.place.read(array, `${owner}: ${name}`));
  for (const [k, numbers] of (await Promise.all(read)).entries()) {
    const { index, key } = entries[k];
    taken.state[index][key] = write_entry(numbers);
  }
  return taken;
}

async function read_averages(averaged: AveragedModel): Promise<AveragedModelState> {
  const { taken, kept } = without_numbers(() => averaged.state_dict());
  const read = kept.map((array, k) => array.place.read(array, `AveragedModel: average ${k}`));
  const numbers = (await Promise.all(read)).values();
  const averages = taken.averages.map((list, i) => {
    const on_gpu = (averaged.averages[i] as unknown) instanceof GPUArray;
    return on_gpu ? write_entry(numbers.next().value) : list;
  });
  return { ...taken, averages };
}
