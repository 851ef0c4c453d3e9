import type { Checkpoint } from "../checkpoint.ts";
import { CheckpointError, shown } from "../checkpoint_error.ts";
import { is_object } from "../parts/refuse.ts";
import { checkpoint_in } from "../pt/load_pt.ts";
import type { PtValue } from "../pt/plain.ts";
import type { ReadOptions } from "../pt/read_pt.ts";
import { type Bytes, type FileSource, is_bytes, run, run_on_file, type Steps } from "../source.ts";
import type { Tensor } from "../tensor.ts";
import { check_depth } from "./check_depth.ts";
import { from_json } from "./in_json.ts";
import { type Safetensors, safetensors_steps } from "./read_safetensors.ts";
import { STATE } from "./save_safetensors.ts";

/** Where the header begins, in which all stands that is no tensor. */
const HEADER = 8;
const DEEPEST = 400;
const UTF_8 = new TextEncoder();

/**
 * Loads a checkpoint from a `.safetensors` file: one of `save_safetensors`, or any other, whose tensors
 * are the model.
 *
 * @throws CheckpointError for what `read_safetensors` refuses.
 * @example
 * ```ts
 * const { model, optimizer } = load_safetensors(readFileSync("checkpoint.safetensors"));
 * ```
 */
export function load_safetensors(file: Bytes, options?: ReadOptions): Checkpoint;
export function load_safetensors(file: FileSource, options?: ReadOptions): Promise<Checkpoint>;
export function load_safetensors(
  file: Bytes | FileSource,
  options: ReadOptions = {},
): Checkpoint | Promise<Checkpoint> {
  const work = (size: number) => steps(size, options);
  return is_bytes(file) ? run(file, work) : run_on_file(file, work);
}

function* steps(size: number, options: ReadOptions): Steps<Checkpoint> {
  return checkpoint_of(yield* safetensors_steps(size, options));
}

function checkpoint_of({ tensors, metadata }: Safetensors): Checkpoint {
  const { [STATE]: text = "{}" } = metadata;
  const model = new Map(Object.entries(tensors));
  const find = (name: string): Tensor => {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!tensor) throw new CheckpointError(HEADER, `the tensor ${shown(name)} must be in the file`);
    model.delete(name);
    return tensor;
  };
  const beside = data_in(text, find);
  return checkpoint_in({ ...beside, model: Object.fromEntries(model) }, HEADER, {});
}

function data_in(text: string, find: (name: string) => Tensor): { [key: string]: PtValue } {
  check_depth(UTF_8.encode(text), HEADER, DEEPEST, `the text under ${STATE}`);
  try {
    const data = from_json(JSON.parse(text), find);
    if (is_object(data)) return data as { [key: string]: PtValue };
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    throw new CheckpointError(HEADER, `the text under ${STATE} must be JSON`, { cause });
  }
  throw new CheckpointError(HEADER, `the text under ${STATE} must be an object`);
}
