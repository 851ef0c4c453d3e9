import { Budget } from "../budget.ts";
import { CheckpointError, shown } from "../checkpoint_error.ts";
import { unpickle } from "../pickle/unpickle.ts";
import { type Storage, StoredTensor } from "../pickle/values.ts";
import {
  type Bytes,
  type FileSource,
  is_bytes,
  part,
  run,
  run_on_file,
  type Steps,
} from "../source.ts";
import { type DType, KINDS, type TensorData } from "../tensor.ts";
import { type Content, Zip } from "../zip/read_zip.ts";
import { Plain, type PtValue } from "./plain.ts";
import { tensor_in } from "./tensors.ts";

/** Options for reading a file. */
export interface ReadOptions {
  /**
   * How many bytes of memory what is in the file may take, at least 0. Default: four times the file's
   * length and 16 MiB. A file of PyTorch's own needs more only if it was deflated, or holds expanded
   * tensors.
   */
  max_bytes?: number;
  /**
   * Whether every entry must have its checksum. Default true; files that were written after
   * `torch.serialization.set_crc32_options(False)` have none.
   */
  check_crc32?: boolean;
}

/** How files from before PyTorch 1.6 begin: a pickle of its magic number. */
const BEFORE_1_6 = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9];
const PICKLE = "/data.pkl";

/**
 * Reads what `torch.save` has written, as `torch.load(…, weights_only=True)` does: data and tensors,
 * and nothing is ever called.
 *
 * A file in memory is read at once; of a `Blob`, or a file that is open in Node.js, only what is asked
 * for comes into memory, and the result is a promise. Tensors that share numbers in the file share an
 * array.
 *
 * @throws CheckpointError if the file is damaged, hostile, or of a kind that is not read here: one from
 *   before PyTorch 1.6, a TorchScript archive, one with big-endian numbers.
 * @example
 * ```ts
 * const { epoch, model } = read_pt(readFileSync("checkpoint.pt"));
 * ```
 */
export function read_pt(file: Bytes, options?: ReadOptions): PtValue;
export function read_pt(file: FileSource, options?: ReadOptions): Promise<PtValue>;
export function read_pt(
  file: Bytes | FileSource,
  options: ReadOptions = {},
): PtValue | Promise<PtValue> {
  const work = (size: number) => value_steps(size, options);
  return is_bytes(file) ? run(file, work) : run_on_file(file, work);
}

function* value_steps(size: number, options: ReadOptions): Steps<PtValue> {
  return (yield* pt_steps(size, options)).value;
}

/** What a file holds, and where the pickle is that says so. */
export function* pt_steps(
  size: number,
  { max_bytes, check_crc32 = true }: ReadOptions,
): Steps<{ value: PtValue; place: number }> {
  yield* refuse_old(size);
  const budget = new Budget(size, max_bytes);
  const zip = yield* Zip.open(size, budget, check_crc32);
  const folder = folder_of(zip, size);
  yield* refuse_big_endian(zip, folder);
  const pickle = yield* entry(zip, `${folder}${PICKLE}`, size);
  const root = unpickle(pickle.bytes, pickle.place, budget);
  const numbers = yield* read_storages(zip, folder, tensors_in(root), budget, pickle);
  const plain = new Plain(pickle.place, pickle.bytes.length, (tensor) =>
    tensor_in(numbers(tensor), tensor, budget),
  );
  return { value: plain.of(root), place: pickle.place };
}

function* refuse_old(size: number): Steps<void> {
  const head = yield* part(size, 0, Math.min(size, BEFORE_1_6.length), "the beginning");
  if (head.length < BEFORE_1_6.length || BEFORE_1_6.some((byte, i) => head[i] !== byte)) return;
  throw new CheckpointError(
    0,
    "it is in the form from before PyTorch 1.6: load it in Python and torch.save it again",
  );
}

/** The folder in the archive that holds everything; the file's name when it was saved. */
function folder_of({ names }: Zip, size: number): string {
  const pickles = names.filter((name) => name.indexOf("/") === name.length - PICKLE.length);
  const [pickle] = pickles.filter((name) => name.endsWith(PICKLE));
  if (pickle === undefined) {
    throw new CheckpointError(size, "the archive must have a data.pkl, as PyTorch's have");
  }
  const folder = pickle.slice(0, -PICKLE.length);
  if (names.includes(`${folder}/constants.pkl`)) {
    throw new CheckpointError(
      size,
      "it is a TorchScript archive, which holds a program: save the state_dict() of its module",
    );
  }
  return folder;
}

function* refuse_big_endian(zip: Zip, folder: string): Steps<void> {
  const order = zip.entry(`${folder}/byteorder`);
  if (!order) return;
  const { bytes, place } = yield* zip.read(order);
  const word = String.fromCharCode(...bytes.subarray(0, 16));
  if (word === "little") return;
  throw new CheckpointError(
    place,
    `its numbers must be little-endian, got ${shown(word)}: save it on another machine`,
  );
}

function* entry(zip: Zip, name: string, place: number, own = false): Steps<Content> {
  const found = zip.entry(name);
  if (!found) throw new CheckpointError(place, `the entry ${shown(name)} must be in the archive`);
  return yield* zip.read(found, own);
}

/** All tensors in what a pickle says. */
function tensors_in(root: unknown): Set<StoredTensor> {
  const tensors = new Set<StoredTensor>();
  const seen = new Set<unknown>();
  const left = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof StoredTensor) tensors.add(value);
    else if (value instanceof Map) for (const [key, item] of value) left.push(key, item);
    else if (Array.isArray(value) || value instanceof Set)
      for (const item of value) left.push(item);
  }
  return tensors;
}

/** Reads the numbers of tensors, each storage once; gives those of a tensor. */
function* read_storages(
  zip: Zip,
  folder: string,
  tensors: ReadonlySet<StoredTensor>,
  budget: Budget,
  pickle: Content,
): Steps<(tensor: StoredTensor) => TensorData> {
  const arrays = new Map<string, TensorData>();
  for (const { storage, dtype, place } of tensors) {
    const name = name_of(storage, dtype);
    if (arrays.has(name)) continue;
    const content = yield* entry(zip, `${folder}/data/${storage.key}`, pickle.place, true);
    arrays.set(name, decode(content, storage, dtype, budget, place));
  }
  return ({ storage, dtype }) => arrays.get(name_of(storage, dtype)) as TensorData;
}

/** The same bytes may be numbers of several dtypes; lengths are compared when they are decoded. */
function name_of({ key, dtype: stored, count }: Storage, dtype: DType): string {
  return `${dtype} ${stored} ${count} ${key}`;
}

function decode(
  { bytes }: Content,
  { dtype: stored, count }: Storage,
  dtype: DType,
  budget: Budget,
  place: number,
): TensorData {
  const { size, is_half, decode } = KINDS[dtype];
  const wanted = stored === "bytes" ? count : count * KINDS[stored].size;
  if (bytes.length !== wanted || wanted % size !== 0) {
    throw new CheckpointError(
      place,
      `a storage of ${count} numbers must have ${wanted} bytes, got ${bytes.length}`,
    );
  }
  if (is_half) budget.take(2 * bytes.length, place);
  return decode(bytes);
}
