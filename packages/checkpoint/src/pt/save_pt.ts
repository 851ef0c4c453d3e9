import type { CheckpointParts } from "../checkpoint.ts";
import { parts_of } from "../parts/parts.ts";
import { type Picklable, write_pickle } from "../pickle/write_pickle.ts";
import { type Sink, to_bytes, write_to } from "../sink.ts";
import { type Member, type Plan, plan_zip } from "../zip/write_zip.ts";
import { group_notes } from "./group_notes.ts";
import type { PtValue } from "./plain.ts";
import { ToPickle } from "./to_pickle.ts";

/** The folder in the archive, as PyTorch calls it where it knows no name of a file. */
const FOLDER = "archive";
const UTF_8 = new TextEncoder();

/**
 * Writes a checkpoint as `torch.save` does: `torch.load(…, weights_only=True)` gives a dictionary with
 * `"model"`, `"optimizer"`, `"scheduler"` and `"extra"`, as far as they were given, of which the first
 * three are for the `load_state_dict` of their objects.
 *
 * Tensors stand in their own dtype, with the shapes of their parameters; two with the same array share
 * their numbers. An optimizer's state has, for PyTorch, what its schedulers keep in the groups.
 *
 * @returns The bytes of the file. Nothing of them is shared with what was given.
 * @throws TypeError, RangeError or Error that names the part.
 * @example
 * ```ts
 * const bytes = save_pt({ model: { weight, bias }, optimizer, scheduler, extra: { epoch: 40 } });
 * ```
 */
export function save_pt(parts: CheckpointParts): Uint8Array<ArrayBuffer> {
  return to_bytes(plan_pt("save_pt", parts));
}

/**
 * Writes the same piece by piece, with no copy of the numbers in memory: to a file that is open in
 * Node.js, or a stream in a browser. What is given must stay as it is until the promise is kept.
 */
export async function save_pt_to(sink: Sink, parts: CheckpointParts): Promise<void> {
  await write_to(sink, plan_pt("save_pt_to", parts));
}

/**
 * Writes any data as `torch.save` does. Typed arrays, parameters and tensors are tensors; objects are
 * dictionaries.
 */
export function write_pt(value: PtValue | object): Uint8Array<ArrayBuffer> {
  const to_pickle = new ToPickle();
  return to_bytes(plan(to_pickle.data("write_pt: value", value), to_pickle));
}

/** The file of a checkpoint; `owner` begins the sentence that refuses one. */
export function plan_pt(owner: string, given: CheckpointParts): Plan {
  const { model, optimizer, scheduler, extra } = parts_of(owner, given);
  const to_pickle = new ToPickle();
  const root = new Map<Picklable, Picklable>();
  if (model) {
    const tensors = [...model].map(([name, tensor]): [Picklable, Picklable] => [
      name,
      to_pickle.tensor(tensor),
    ]);
    root.set("model", new Map(tensors));
  }
  if (optimizer) {
    const notes = group_notes(scheduler);
    root.set("optimizer", to_pickle.optimizer(`${owner}: optimizer`, optimizer, notes));
  }
  if (scheduler) root.set("scheduler", to_pickle.scheduler(`${owner}: scheduler`, scheduler));
  if (extra) root.set("extra", to_pickle.data(`${owner}: extra`, extra));
  return plan(root, to_pickle);
}

function plan(root: Picklable, { storages }: ToPickle): Plan {
  const member = (name: string, bytes: Uint8Array<ArrayBuffer>): Member => ({
    name: `${FOLDER}/${name}`,
    bytes,
  });
  return plan_zip([
    member("data.pkl", write_pickle(root)),
    member(".format_version", UTF_8.encode("1")),
    member(".storage_alignment", UTF_8.encode("64")),
    member("byteorder", UTF_8.encode("little")),
    ...storages.map((bytes, i) => member(`data/${i}`, bytes)),
    member("version", UTF_8.encode("3\n")),
  ]);
}
