import type { EntryPart, OptimizerParts } from "../parts/optimizer_parts.ts";
import { number_in } from "../parts/optimizer_parts.ts";
import { dotted, is_object, refuse } from "../parts/refuse.ts";
import { tensor_of } from "../parts/tensor_of.ts";
import { Call, Name, Persistent, type Picklable, Tuple } from "../pickle/write_pickle.ts";
import { is_tensor, KINDS, numel, type Tensor } from "../tensor.ts";

/** How deeply what is written may stand in one another: what is deeper holds itself. */
const DEEPEST = 200;
/** Options that PyTorch has as tuples. */
const TUPLES: readonly string[] = ["betas", "etas", "step_sizes", "eps", "ns_coefficients"];
/** What PyTorch has as a Counter with whole numbers as its keys. */
const COUNTER = "milestones";

const ORDERED_DICT = new Name("collections", "OrderedDict");
const REBUILD = new Name("torch._utils", "_rebuild_tensor_v2");
const REBUILD_WITH_DTYPE = new Name("torch._utils", "_rebuild_tensor_v3");
const UNTYPED = new Name("torch.storage", "UntypedStorage");

/** Makes what a pickle says of data, and keeps the numbers of its tensors apart. */
export class ToPickle {
  /** The bytes of each storage, under its number. */
  readonly storages: Uint8Array<ArrayBuffer>[] = [];
  /** The numbers of storages, by the memory that they are. */
  readonly #known = new Map<ArrayBufferLike, Map<string, number>>();

  /** A tensor. Two with the same array share a storage. */
  tensor({ dtype, shape, data }: Tensor): Picklable {
    const { storage, size } = KINDS[dtype];
    const count = numel(shape);
    const key = String(this.#store(data, dtype));
    const kind = storage === undefined ? UNTYPED : new Name("torch", storage);
    const length = storage === undefined ? count * size : count;
    const id = new Tuple(["storage", kind, key, "cpu", length]);
    const hooks = new Call(ORDERED_DICT, []);
    const args = [
      new Persistent(id),
      0,
      new Tuple(shape),
      new Tuple(strides_of(shape)),
      false,
      hooks,
    ];
    return storage === undefined
      ? new Call(REBUILD_WITH_DTYPE, [...args, new Name("torch", dtype)])
      : new Call(REBUILD, args);
  }

  #store(data: Tensor["data"], dtype: Tensor["dtype"]): number {
    const { buffer, byteOffset, byteLength } = data;
    const known = this.#known.get(buffer) ?? new Map<string, number>();
    this.#known.set(buffer, known);
    const place = `${dtype} ${byteOffset} ${byteLength}`;
    const number = known.get(place) ?? this.storages.length;
    if (number === this.storages.length) {
      known.set(place, number);
      // `checked_dtype` has seen that it fits.
      this.storages.push(KINDS[dtype].encode(data) as Uint8Array<ArrayBuffer>);
    }
    return number;
  }

  /** Any data; `path` begins the sentence that refuses what is none. */
  data(path: string, value: unknown, depth = 0): Picklable {
    if (depth > DEEPEST) throw new RangeError(`${path} stands too deep, or holds itself`);
    if (is_scalar(value)) return value;
    if (is_tensor(value) || ArrayBuffer.isView(value)) return this.tensor(tensor_of(path, value));
    if (Array.isArray(value)) {
      return value.map((item, i) => this.data(`${path}[${i}]`, item, depth + 1));
    }
    if (value instanceof Set) return this.data(path, [...value], depth);
    if (value instanceof Map) return this.#map(path, value, depth + 1);
    if (is_object(value)) return this.#dictionary(path, value, depth + 1);
    return refuse(path, "data", value);
  }

  #map(path: string, map: ReadonlyMap<unknown, unknown>, depth: number): Picklable {
    const entries = [...map].map(([key, item]): [Picklable, Picklable] => [
      this.data(path, key, depth),
      this.data(`${path}[…]`, item, depth),
    ]);
    return new Map(entries);
  }

  #dictionary(
    path: string,
    object: Readonly<Record<string, unknown>>,
    depth: number,
  ): Map<Picklable, Picklable> {
    const map = new Map<Picklable, Picklable>();
    for (const [key, value] of Object.entries(object)) {
      if (value !== undefined) map.set(key, this.data(dotted(path, key), value, depth));
    }
    return map;
  }

  /** A scheduler's state as PyTorch has it: infinite numbers as such, milestones counted. */
  scheduler(path: string, state: Readonly<Record<string, unknown>>): Picklable {
    const map = new Map<Picklable, Picklable>();
    for (const [key, value] of Object.entries(state)) {
      // What cannot be written was a function, which PyTorch's states have no value of either.
      if (value === undefined) continue;
      const name = dotted(path, key);
      if (key === COUNTER && is_object(value)) map.set(key, counter(value));
      else if (key === "_schedulers" && Array.isArray(value)) {
        map.set(
          key,
          value.map((child, i) => this.scheduler(`${name}[${i}]`, as_state(name, child))),
        );
      } else map.set(key, this.data(name, number_in(value) ?? value));
    }
    return map;
  }

  /** An optimizer's state as PyTorch has it. */
  optimizer(path: string, { state, param_groups }: OptimizerParts, notes: object[]): Picklable {
    const states = new Map<Picklable, Picklable>();
    for (const [index, entries] of state) {
      const pairs = [...entries].map(([key, value]): [Picklable, Picklable] => [
        key,
        this.#entry(value),
      ]);
      states.set(index, new Map(pairs));
    }
    const groups = param_groups.map((group, g) =>
      this.#group(`${path}.param_groups[${g}]`, { ...notes[g], ...group, ...notes[g] }),
    );
    return new Map<Picklable, Picklable>([
      ["state", states],
      ["param_groups", groups],
    ]);
  }

  #entry(entry: EntryPart): Picklable {
    if (entry === null || typeof entry === "number") return entry;
    return Array.isArray(entry) ? entry.map((item) => this.#entry(item)) : this.tensor(entry);
  }

  #group(path: string, group: Readonly<Record<string, unknown>>): Picklable {
    const numbers = Object.entries(group).map(([key, value]) => [key, number_in(value) ?? value]);
    const map = this.#dictionary(path, Object.fromEntries(numbers), 0);
    for (const key of TUPLES) {
      const value = map.get(key);
      if (Array.isArray(value)) map.set(key, new Tuple(value));
    }
    return map;
  }
}

function strides_of(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let d = shape.length - 2; d >= 0; d--)
    strides[d] = strides[d + 1] * Math.max(1, shape[d + 1]);
  return strides;
}

function is_scalar(value: unknown): value is null | boolean | number | bigint | string {
  return value === null || ["boolean", "number", "bigint", "string"].includes(typeof value);
}

function as_state(path: string, value: unknown): Readonly<Record<string, unknown>> {
  return is_object(value) ? value : refuse(path, "a list of states", value);
}

function counter(milestones: Readonly<Record<string, unknown>>): Picklable {
  const counts = Object.entries(milestones).map(([epoch, count]): [Picklable, Picklable] => [
    Number(epoch),
    Number(count),
  ]);
  return new Call(new Name("collections", "Counter"), [new Map(counts)]);
}
