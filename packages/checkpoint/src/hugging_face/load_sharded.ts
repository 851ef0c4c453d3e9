import type { Checkpoint } from "../checkpoint.ts";
import { CheckpointError, shown } from "../checkpoint_error.ts";
import { is_object } from "../parts/refuse.ts";
import type { ReadOptions } from "../pt/read_pt.ts";
import { read_safetensors } from "../safetensors/read_safetensors.ts";
import { as_bytes, type Bytes, type FileSource, is_bytes } from "../source.ts";
import { parse_json } from "./parse_json.ts";

/** Gives a file of a folder by its name; `undefined` if it is not there. */
export type Open = (
  name: string,
) => Bytes | FileSource | undefined | Promise<Bytes | FileSource | undefined>;

/** The name of a file, and no way to another folder. */
const PLAIN = /^[^/\\:]+$/;

/**
 * Loads a model whose tensors are dealt out to several `.safetensors` files, which an index tells of:
 * `model.safetensors.index.json`, as Hugging Face's libraries write it.
 *
 * @param index - The bytes of the index.
 * @param open - Gives a file by its name in the index, which is never a path.
 * @throws CheckpointError if the index is none, or a file lacks a tensor that it tells of; Error if a
 *   file is not there.
 * @example
 * ```ts
 * const index = readFileSync("model/model.safetensors.index.json");
 * const model = await load_sharded(index, (name) => readFileSync(`model/${name}`));
 * ```
 */
export async function load_sharded(
  index: Bytes,
  open: Open,
  options: ReadOptions = {},
): Promise<Checkpoint["model"]> {
  const files = files_in(index);
  const model: [string, Checkpoint["model"][string]][] = [];
  for (const [file, names] of files) {
    const source = await open(file);
    if (source === undefined)
      throw new Error(`${shown(file)}, which the index tells of, is missing`);
    const { tensors } = is_bytes(source)
      ? read_safetensors(source, options)
      : await read_safetensors(source, options);
    for (const name of names) {
      if (!Object.hasOwn(tensors, name)) {
        throw new CheckpointError(0, `${shown(name)} must be in ${shown(file)}, as the index says`);
      }
      model.push([name, tensors[name]]);
    }
  }
  return Object.fromEntries(model);
}

/** The names of the tensors in each file. */
function files_in(index: Bytes): Map<string, string[]> {
  const { weight_map } = Object(parse_json(as_bytes(index), "the index"));
  if (!is_object(weight_map)) {
    throw new CheckpointError(
      0,
      "the index must have a weight_map of files by the names of tensors",
    );
  }
  const files = new Map<string, string[]>();
  for (const [name, file] of Object.entries(weight_map)) {
    if (typeof file !== "string" || !PLAIN.test(file) || /^\.+$/.test(file)) {
      throw new CheckpointError(
        0,
        `${shown(name)} must be in a file of the same folder, got ${shown(String(file))}`,
      );
    }
    files.set(file, [...(files.get(file) ?? []), name]);
  }
  return files;
}
