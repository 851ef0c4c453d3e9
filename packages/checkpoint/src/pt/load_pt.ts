import type { SchedulerState, TypedOptimizerState } from "torch-optim/optim";
import type { Checkpoint } from "../checkpoint.ts";
import { CheckpointError, shown } from "../checkpoint_error.ts";
import { is_object } from "../parts/refuse.ts";
import { type Bytes, type FileSource, is_bytes, run, run_on_file, type Steps } from "../source.ts";
import { is_tensor } from "../tensor.ts";
import type { PtValue } from "./plain.ts";
import { pt_steps, type ReadOptions } from "./read_pt.ts";
import { entry_in, state_in } from "./states.ts";

/** Options for loading a checkpoint. */
export interface LoadOptions extends ReadOptions {
  /**
   * What the parts are called in the file. Default: `"model"`, `"optimizer"` and `"scheduler"`, and what
   * PyTorch's own tutorials call them: `"model_state_dict"`, `"state_dict"`, `"optimizer_state_dict"`,
   * `"scheduler_state_dict"`, `"lr_scheduler"`.
   */
  names?: { model?: string; optimizer?: string; scheduler?: string };
}

const NAMES = {
  model: ["model", "model_state_dict", "state_dict"],
  optimizer: ["optimizer", "optimizer_state_dict"],
  scheduler: ["scheduler", "scheduler_state_dict", "lr_scheduler"],
} as const;

/**
 * Loads a checkpoint of PyTorch or of `save_pt`: the model's tensors by their names, and the states for
 * the `load_state_dict` of this library's optimizers and schedulers. A part that the file does not have
 * is empty. What else is in it is in `extra`, which is the file's own `"extra"` where it has one.
 *
 * A file that is one `state_dict` (`optimizer.pt`, `scheduler.pt`, a model's weights) gives that part.
 *
 * @throws CheckpointError for what `read_pt` refuses, and for a model that holds anything but tensors.
 * @example
 * ```ts
 * const { model, optimizer, scheduler, extra } = load_pt(readFileSync("checkpoint.pt"));
 * ```
 */
export function load_pt(file: Bytes, options?: LoadOptions): Checkpoint;
export function load_pt(file: FileSource, options?: LoadOptions): Promise<Checkpoint>;
export function load_pt(
  file: Bytes | FileSource,
  options: LoadOptions = {},
): Checkpoint | Promise<Checkpoint> {
  const work = (size: number) => load_steps(size, options);
  return is_bytes(file) ? run(file, work) : run_on_file(file, work);
}

function* load_steps(size: number, options: LoadOptions): Steps<Checkpoint> {
  const { value, place } = yield* pt_steps(size, options);
  return checkpoint_in(value, place, options);
}

type Dictionary = { [key: string]: PtValue };

/** The parts of a checkpoint in what a file holds. */
export function checkpoint_in(
  value: PtValue,
  place: number,
  { names = {} }: LoadOptions,
): Checkpoint {
  if (!is_dictionary(value)) {
    throw new CheckpointError(
      place,
      "a checkpoint must be a dictionary; read_pt gives what this is",
    );
  }
  const parts = single_state(value) ?? value;
  const found = {
    model: key_in(parts, names.model, NAMES.model),
    optimizer: key_in(parts, names.optimizer, NAMES.optimizer),
    scheduler: key_in(parts, names.scheduler, NAMES.scheduler),
  };
  const part = (name: keyof typeof found): Dictionary => {
    const { [name]: key } = found;
    const value = key === undefined ? {} : parts[key];
    if (is_dictionary(value)) return value;
    throw new CheckpointError(place, `it must have a dictionary under ${shown(String(key))}`);
  };
  return {
    model: model_in(part("model"), place),
    optimizer: optimizer_in(part("optimizer"), place),
    scheduler: state_in(part("scheduler")) as SchedulerState,
    extra: extra_in(parts, Object.values(found)),
  };
}

function is_dictionary(value: unknown): value is Dictionary {
  return is_object(value) && !is_tensor(value) && Object.getPrototypeOf(value) === Object.prototype;
}

/** The one part of a file that is nothing else. */
function single_state(value: Dictionary): Dictionary | undefined {
  const has = (key: string) => Object.hasOwn(value, key);
  if (has("state") && has("param_groups")) return { optimizer: value };
  if (has("last_epoch") && (has("_last_lr") || has("base_lrs"))) return { scheduler: value };
  const values = Object.values(value);
  return values.length > 0 && values.every(is_tensor) ? { model: value } : undefined;
}

function key_in(
  parts: Dictionary,
  given: string | undefined,
  names: readonly string[],
): string | undefined {
  return given ?? names.find((name) => is_dictionary(parts[name]) && Object.hasOwn(parts, name));
}

function model_in(model: Dictionary, place: number): Checkpoint["model"] {
  for (const [name, value] of Object.entries(model)) {
    if (is_tensor(value)) continue;
    throw new CheckpointError(place, `${shown(name)} of the model must be a tensor`);
  }
  return model as Checkpoint["model"];
}

function optimizer_in(state_dict: Dictionary, place: number): TypedOptimizerState {
  const { state = {}, param_groups = [] } = state_dict;
  if (!is_dictionary(state) || !Array.isArray(param_groups)) {
    throw new CheckpointError(place, "an optimizer must have a state and param_groups");
  }
  const states = Object.entries(state).map(([index, entries]) => {
    if (!is_dictionary(entries)) {
      throw new CheckpointError(
        place,
        `the state of parameter ${shown(index)} must be a dictionary`,
      );
    }
    const read = Object.entries(entries).map(([key, value]) => [key, entry_in(value)]);
    return [index, Object.fromEntries(read)];
  });
  const groups = param_groups.map((group) => state_in(group));
  return {
    state: Object.fromEntries(states),
    param_groups: groups as TypedOptimizerState["param_groups"],
  };
}

function extra_in(parts: Dictionary, taken: readonly (string | undefined)[]): Checkpoint["extra"] {
  const { extra } = parts;
  if (is_dictionary(extra)) return extra;
  return Object.fromEntries(Object.entries(parts).filter(([key]) => !taken.includes(key)));
}
