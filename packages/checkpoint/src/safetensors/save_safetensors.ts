import type { CheckpointParts } from "../checkpoint.ts";
import type { EntryPart, OptimizerParts } from "../parts/optimizer_parts.ts";
import { parts_of } from "../parts/parts.ts";
import { tensor_of } from "../parts/tensor_of.ts";
import { type Sink, to_bytes, write_to } from "../sink.ts";
import type { Tensor } from "../tensor.ts";
import type { Plan } from "../zip/write_zip.ts";
import { to_json } from "./in_json.ts";
import { plan_safetensors } from "./write_safetensors.ts";

/** Where the metadata say what is no tensor. */
export const STATE = "torch_optim";

/**
 * Writes a checkpoint as a `.safetensors` file: the model's tensors under their own names, as every
 * library reads them, those of the optimizer under `optimizer.state.0.exp_avg` and the like, and all else as
 * JSON among the metadata.
 *
 * @returns The bytes of the file.
 * @throws TypeError, RangeError or Error that names the part.
 * @example
 * ```ts
 * const bytes = save_safetensors({ model: { weight, bias }, optimizer, scheduler });
 * ```
 */
export function save_safetensors(parts: CheckpointParts): Uint8Array<ArrayBuffer> {
  return to_bytes(plan_checkpoint("save_safetensors", parts));
}

/** Writes the same piece by piece, with no copy of the numbers in memory. */
export async function save_safetensors_to(sink: Sink, parts: CheckpointParts): Promise<void> {
  await write_to(sink, plan_checkpoint("save_safetensors_to", parts));
}

/** The file of a checkpoint; `owner` begins the sentence that refuses one. */
export function plan_checkpoint(owner: string, given: CheckpointParts): Plan {
  const { model, optimizer, scheduler, extra } = parts_of(owner, given);
  const tensors = new Map(model);
  const keep = (path: string, values: Tensor): string => {
    const name = path.slice(owner.length + 2);
    if (tensors.has(name)) throw new Error(`${path} must not be the name of a tensor of the model`);
    tensors.set(name, tensor_of(path, values));
    return name;
  };
  const state = {
    optimizer: optimizer && as_data(optimizer),
    scheduler,
    extra,
  };
  const beside = Object.entries(state)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => [name, to_json(`${owner}: ${name}`, part, keep)]);
  const metadata: Record<string, string> = { format: "pt" };
  if (beside.length > 0) metadata[STATE] = JSON.stringify(Object.fromEntries(beside));
  return plan_safetensors(owner, tensors, metadata);
}

function as_data({ state, param_groups }: OptimizerParts): object {
  const entries = [...state].map(([index, each]): [string, Record<string, EntryPart>] => [
    String(index),
    Object.fromEntries(each),
  ]);
  return { state: Object.fromEntries(entries), param_groups };
}
