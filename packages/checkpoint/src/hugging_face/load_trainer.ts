import type { Checkpoint } from "../checkpoint.ts";
import { is_object } from "../parts/refuse.ts";
import { load_pt } from "../pt/load_pt.ts";
import type { ReadOptions } from "../pt/read_pt.ts";
import { load_safetensors } from "../safetensors/load_safetensors.ts";
import { type Bytes, type FileSource, is_bytes, whole_file } from "../source.ts";
import { load_sharded, type Open } from "./load_sharded.ts";
import { parse_json } from "./parse_json.ts";

const INDEX = "model.safetensors.index.json";
const STATE = "trainer_state.json";

/**
 * Loads what the `Trainer` of Hugging Face's `transformers` keeps in a folder `checkpoint-500`:
 * `model.safetensors` or its shards, or else `pytorch_model.bin`; `optimizer.pt`, `scheduler.pt`, and
 * `trainer_state.json` as `extra`. What is not there is empty.
 *
 * The optimizer there has its parameters in two groups, those with weight decay first.
 *
 * @param open - Gives a file of the folder by its name.
 * @throws CheckpointError if a file is damaged or hostile.
 * @example
 * ```ts
 * const saved = await load_trainer((name) => {
 *   const path = `checkpoint-500/${name}`;
 *   return existsSync(path) ? readFileSync(path) : undefined;
 * });
 * ```
 */
export async function load_trainer(open: Open, options: ReadOptions = {}): Promise<Checkpoint> {
  const optimizer = await load(await open("optimizer.pt"), options);
  const scheduler = await load(await open("scheduler.pt"), options);
  const state = await open(STATE);
  const extra = state === undefined ? {} : parse_json(await whole_file(state), STATE);
  return {
    model: await load_model(open, options),
    optimizer: optimizer?.optimizer ?? { state: {}, param_groups: [] },
    scheduler: scheduler?.scheduler ?? {},
    extra: is_object(extra) ? (extra as Checkpoint["extra"]) : {},
  };
}

async function load_model(open: Open, options: ReadOptions): Promise<Checkpoint["model"]> {
  const index = await open(INDEX);
  if (index !== undefined) return load_sharded(await whole_file(index), open, options);
  const whole = await open("model.safetensors");
  if (whole !== undefined) {
    return (
      await (is_bytes(whole) ? load_safetensors(whole, options) : load_safetensors(whole, options))
    ).model;
  }
  return (await load(await open("pytorch_model.bin"), options))?.model ?? {};
}

async function load(
  file: Bytes | FileSource | undefined,
  options: ReadOptions,
): Promise<Checkpoint | undefined> {
  if (file === undefined) return undefined;
  return is_bytes(file) ? load_pt(file, options) : load_pt(file, options);
}
