import { Budget } from "../budget.ts";
import { CheckpointError, shown } from "../checkpoint_error.ts";
import { is_object } from "../parts/refuse.ts";
import { is_count } from "../pickle/values.ts";
import type { ReadOptions } from "../pt/read_pt.ts";
import {
  type Bytes,
  type FileSource,
  is_bytes,
  part,
  run,
  run_on_file,
  type Steps,
} from "../source.ts";
import { type DType, dtype_of_word, KINDS, numel, type Tensor } from "../tensor.ts";
import { view_of } from "../zip/format.ts";
import { check_depth } from "./check_depth.ts";

/** What a `.safetensors` file holds. */
export interface Safetensors {
  /** The tensors by their names. */
  tensors: { [name: string]: Tensor };
  /** Texts that stand beside them. */
  metadata: { [key: string]: string };
}

/** The length of the header comes first, in eight bytes. */
const BEGIN = 8;
/** The longest header, as in the format's own library. */
const LONGEST_HEADER = 100_000_000;
/** A tensor's shape stands in its entry of the header. */
const DEPTH = 3;
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A tensor as the header tells of it, and where its numbers are after the header. */
interface Told {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a `.safetensors` file: the tensors by their names, and the texts beside them. A file in memory is
 * read at once; of a `Blob`, or a file that is open in Node.js, only what is asked for comes into memory,
 * and the result is a promise.
 *
 * Source: https://github.com/huggingface/safetensors, "Format".
 *
 * @throws CheckpointError if the file is damaged or hostile: a header that is no JSON, numbers that overlap,
 *   leave a hole or are not all there, a dtype that is not read here.
 * @example
 * ```ts
 * const { tensors } = read_safetensors(readFileSync("model.safetensors"));
 * ```
 */
export function read_safetensors(file: Bytes, options?: ReadOptions): Safetensors;
export function read_safetensors(file: FileSource, options?: ReadOptions): Promise<Safetensors>;
export function read_safetensors(
  file: Bytes | FileSource,
  options: ReadOptions = {},
): Safetensors | Promise<Safetensors> {
  const work = (size: number) => safetensors_steps(size, options);
  return is_bytes(file) ? run(file, work) : run_on_file(file, work);
}

export function* safetensors_steps(size: number, { max_bytes }: ReadOptions): Steps<Safetensors> {
  const budget = new Budget(size, max_bytes);
  const header = yield* read_header(size, budget);
  const { told, metadata } = judge(header.json, size - header.end);
  const tensors: [string, Tensor][] = [];
  for (const { name, dtype, shape, begin, end } of told) {
    const place = header.end + begin;
    const { decode, is_half } = KINDS[dtype];
    budget.take((is_half ? 3 : 1) * (end - begin), place);
    const bytes = yield* part(size, place, end - begin, `the tensor ${shown(name)}`, true);
    tensors.push([name, { dtype, shape, data: decode(bytes) }]);
  }
  return { tensors: Object.fromEntries(tensors), metadata };
}

function* read_header(size: number, budget: Budget): Steps<{ json: unknown; end: number }> {
  const first = yield* part(size, 0, BEGIN, "the length of the header");
  const length = view_of(first).getBigUint64(0, true);
  const most = Math.min(size - BEGIN, LONGEST_HEADER);
  if (length > most) {
    throw new CheckpointError(0, `the header must have at most ${most} bytes, got ${length}`);
  }
  const end = BEGIN + Number(length);
  budget.take(2 * Number(length), BEGIN);
  const bytes = yield* part(size, BEGIN, Number(length), "the header");
  check_depth(bytes, BEGIN, DEPTH, "the header");
  try {
    return { json: JSON.parse(UTF_8.decode(bytes)), end };
  } catch (cause) {
    throw new CheckpointError(BEGIN, "the header must be JSON", { cause });
  }
}

/** What a header says, if its tensors fill the file to the last byte, one after another. */
function judge(json: unknown, length: number) {
  if (!is_object(json)) refuse("the header must be an object");
  const { __metadata__ = {}, ...tensors } = json;
  if (!is_object(__metadata__) || !Object.values(__metadata__).every(is_text)) {
    refuse("__metadata__ must be an object of texts");
  }
  const told = Object.entries(tensors).map(([name, entry]) => tell(name, entry, length));
  let end = 0;
  for (const each of [...told].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (each.begin !== end) {
      refuse(
        `${shown(each.name)} must begin at ${end}, where the one before it ends, got ${each.begin}`,
      );
    }
    end = each.end;
  }
  if (end !== length) refuse(`all tensors together must have ${length} bytes, got ${end}`);
  return { told, metadata: { ...__metadata__ } as Safetensors["metadata"] };
}

function tell(name: string, entry: unknown, length: number): Told {
  const { dtype: word, shape, data_offsets } = Object(entry);
  const dtype = dtype_of_word(word);
  if (!dtype) {
    const words = Object.values(KINDS).map(({ word }) => word);
    refuse(
      `${shown(name)} must have as its dtype one of ${words.join(", ")}, got ${shown(String(word))}`,
    );
  }
  if (!are_counts(shape) || !are_counts(data_offsets) || data_offsets.length !== 2) {
    refuse(`${shown(name)} must have a shape and two data_offsets, all whole numbers from 0 on`);
  }
  const [begin, end] = data_offsets;
  if (begin > end || end > length) {
    refuse(
      `${shown(name)} must stand within the ${length} bytes of the tensors, got ${begin} to ${end}`,
    );
  }
  const bytes = numel(shape) * KINDS[dtype].size;
  if (bytes !== end - begin) {
    refuse(`${shown(name)} must have ${bytes} bytes for its shape, got ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

function are_counts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(is_count);
}

function is_text(value: unknown): boolean {
  return typeof value === "string";
}

function refuse(sentence: string): never {
  throw new CheckpointError(BEGIN, sentence);
}
