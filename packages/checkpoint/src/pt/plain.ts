import { CheckpointError } from "../checkpoint_error.ts";
import { Global } from "../pickle/globals.ts";
import { StoredTensor } from "../pickle/values.ts";
import type { Tensor } from "../tensor.ts";

/**
 * What a file of PyTorch can hold: tensors, and data. A tuple is a list, a whole number that is not exact
 * as a number is a `bigint`, and a dictionary is an object, or a `Map` if a key of it is neither a text
 * nor a whole number.
 */
export type PtValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Tensor
  | PtValue[]
  | { [key: string]: PtValue }
  | Map<PtValue, PtValue>
  | Set<PtValue>;

/** How deeply lists and dictionaries may stand in one another. */
const DEEPEST = 200;
/** How many values a file may hold beside its length, where lists stand in it several times. */
const MOST_VALUES = 1e6;

/** Makes plain data of what a pickle says. */
export class Plain {
  readonly #tensor: (tensor: StoredTensor) => Tensor;
  readonly #place: number;
  readonly #most: number;
  /** What came of each container, and how many values are in it; nothing while it is being made. */
  readonly #made = new Map<object, { value: PtValue; count: number } | undefined>();
  #count = 0;

  /**
   * @param place - Where the pickle begins, of so many bytes.
   * @param tensor - Gives a tensor its numbers.
   */
  constructor(place: number, length: number, tensor: (tensor: StoredTensor) => Tensor) {
    this.#place = place;
    this.#most = length + MOST_VALUES;
    this.#tensor = tensor;
  }

  of(value: unknown, depth = 0): PtValue {
    if (++this.#count > this.#most) this.#refuse(`must hold at most ${this.#most} values`);
    if (typeof value !== "object" || value === null) return value as PtValue;
    if (depth > DEEPEST) this.#refuse(`must stand at most ${DEEPEST} deep in one another`);
    const known = this.#made.get(value);
    if (known) {
      this.#count += known.count;
      return known.value;
    }
    if (this.#made.has(value)) this.#refuse("must not hold themselves");
    this.#made.set(value, undefined);
    const before = this.#count;
    const made = this.#make(value, depth + 1);
    this.#made.set(value, { value: made, count: this.#count - before });
    return made;
  }

  #make(value: object, depth: number): PtValue {
    if (Array.isArray(value)) return value.map((item) => this.of(item, depth));
    if (value instanceof StoredTensor) return this.#tensor(value);
    if (value instanceof Map) return this.#dictionary(value, depth);
    if (value instanceof Set) return new Set(Array.from(value, (item) => this.of(item, depth)));
    if (value instanceof Uint8Array) return value.slice();
    if (value instanceof Global && value.dtype) return value.dtype;
    return this.#refuse("must hold data alone, no classes and no storages");
  }

  #dictionary(map: ReadonlyMap<unknown, unknown>, depth: number): PtValue {
    const entries: [PtValue, PtValue][] = [];
    for (const [key, item] of map) entries.push([this.of(key, depth), this.of(item, depth)]);
    const names = new Set(entries.map(([key]) => (is_name(key) ? String(key) : undefined)));
    // Keys that would be the same text, as 1 and "1", stay apart.
    if (names.has(undefined) || names.size < entries.length) return new Map(entries);
    return Object.fromEntries(entries);
  }

  #refuse(sentence: string): never {
    throw new CheckpointError(this.#place, `the lists and dictionaries of the pickle ${sentence}`);
  }
}

function is_name(key: PtValue): key is string | number {
  return typeof key === "string" || Number.isSafeInteger(key);
}
