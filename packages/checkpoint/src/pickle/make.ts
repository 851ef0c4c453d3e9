import { type DType, KINDS } from "../tensor.ts";
import type { Global, Maker } from "./globals.ts";
import type { Unpickler } from "./unpickle.ts";
import { is_count, Storage, StoredTensor } from "./values.ts";

/** PyTorch's own bound on dimensions. */
const MOST_DIMENSIONS = 64;

/** The data that a pickle would call something for. */
export function make(vm: Unpickler, { name, maker }: Global, args: readonly unknown[]): unknown {
  vm.check(maker !== undefined, `${name} must not be called`);
  return MAKE[maker](vm, args);
}

const MAKE: Readonly<Record<Maker, (vm: Unpickler, args: readonly unknown[]) => unknown>> = {
  dictionary: (vm: Unpickler, args: readonly unknown[]) => {
    vm.check(args.length === 0, "an OrderedDict must begin empty");
    return vm.dictionary();
  },
  // Nothing is copied: a short pickle could ask for it again and again.
  counter: (vm: Unpickler, [counts = vm.dictionary()]: readonly unknown[]) => {
    vm.check(counts instanceof Map, "a Counter must be made of a dictionary");
    return counts;
  },
  set: (vm: Unpickler, [items = []]: readonly unknown[]) => {
    vm.check(Array.isArray(items), "a set must be made of a list");
    vm.take_memory(32 * items.length);
    return new Set(items);
  },
  list: (vm: Unpickler, [items]: readonly unknown[]) => {
    vm.check(Array.isArray(items), "a torch.Size must be made of a tuple");
    return items;
  },
  bytes: (vm: Unpickler, [text, encoding]: readonly unknown[]) => {
    vm.check(typeof text === "string" && encoding === "latin1", "bytes must be a text in latin1");
    vm.take_memory(text.length);
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  },
  bytearray: (vm: Unpickler, [bytes = new Uint8Array()]: readonly unknown[]) => {
    vm.check(bytes instanceof Uint8Array, "a bytearray must be made of bytes");
    return bytes;
  },
  device: (vm: Unpickler, [type, index]: readonly unknown[]) => {
    vm.check(typeof type === "string", "a torch.device must have a type");
    return index === undefined ? type : `${type}:${index}`;
  },
  parameter: (vm: Unpickler, [tensor]: readonly unknown[]) => {
    vm.check(tensor instanceof StoredTensor, "a Parameter must be made of a tensor");
    return tensor;
  },
  tensor: (vm: Unpickler, args: readonly unknown[]) => tensor(vm, args, undefined),
  "tensor of a dtype": (vm: Unpickler, args: readonly unknown[]) => {
    const global = args[6];
    const dtype = (global as Global | undefined)?.dtype;
    vm.check(dtype !== undefined, "a tensor must have a dtype");
    return tensor(vm, args, dtype);
  },
};

function tensor(vm: Unpickler, args: readonly unknown[], own: DType | undefined): StoredTensor {
  const [storage, offset, shape, strides] = args;
  vm.check(storage instanceof Storage, "a tensor must have a storage");
  const is_whole = is_count(offset) && are_counts(shape) && are_counts(strides);
  vm.check(is_whole, "a tensor must have whole numbers as its offset, shape and strides");
  const is_square = shape.length === strides.length && shape.length <= MOST_DIMENSIONS;
  vm.check(is_square, "a tensor must have a stride for each of its at most 64 dimensions");
  const dtype = own ?? (storage.dtype === "bytes" ? "uint8" : storage.dtype);
  check_extent(vm, storage, KINDS[dtype].size, { offset, shape, strides });
  vm.take_memory(128 + 16 * shape.length);
  return new StoredTensor(storage, dtype, offset, shape, strides, vm.place);
}

/** Refuses a tensor that reaches beyond its storage. */
function check_extent(
  vm: Unpickler,
  { dtype, count }: Storage,
  size: number,
  { offset, shape, strides }: Pick<StoredTensor, "offset" | "shape" | "strides">,
): void {
  const has_numbers = !shape.includes(0);
  const steps = shape.reduce((sum, n, d) => sum + (n - 1) * strides[d], 0);
  const numbers = dtype === "bytes" ? Math.floor(count / size) : count;
  const last = has_numbers ? offset + steps + 1 : offset;
  vm.check(
    last <= numbers,
    `a tensor must stand within its storage of ${numbers} numbers, and this one reaches to ${last}`,
  );
}

function are_counts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(is_count);
}
