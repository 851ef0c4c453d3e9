import type { PlacedArray } from "../place.ts";
import { refuse } from "../refusal.ts";
import { COPY_DST, COPY_SRC } from "./flags.ts";
import type { GPUPlace } from "./gpu_place.ts";

/** Bytes of a number. */
export const BYTES = 4;
/** Bytes that the offset of a binding is a multiple of, on every device. */
export const ALIGNMENT = 256;

/**
 * Numbers in float32 on a device: a range of a buffer. It is what WebGPU calls a buffer binding, so it stands
 * as it is as the resource of a bind group.
 */
export class GPUArray implements PlacedArray {
  /** The device that has it, as optimizers see it. */
  readonly place: GPUPlace;
  #buffer: GPUBuffer;
  #offset: number;
  #length: number;

  constructor(place: GPUPlace, { buffer, offset = 0 }: GPUBufferBinding, length: number) {
    this.place = place;
    this.#buffer = buffer;
    this.#offset = offset;
    this.#length = length;
  }

  /** The buffer, which it may share with others. */
  get buffer(): GPUBuffer {
    return this.#buffer;
  }

  /** Where it begins in the buffer, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  /** How many numbers there are. */
  get length(): number {
    return this.#length;
  }

  /** The device that has it. */
  get device(): GPUDevice {
    return this.place.device;
  }

  /** Its bytes. */
  get size(): number {
    return BYTES * this.length;
  }

  /** Goes to where another array stands, and is as long as that one. */
  move_to({ buffer, offset, length }: GPUArray): void {
    this.#buffer = buffer;
    this.#offset = offset;
    this.#length = length;
  }

  /** It in parts that a shader can bind, each of which begins where a binding may. */
  parts(): GPUArray[] {
    const most = this.device.limits.maxStorageBufferBindingSize;
    const longest = Math.floor(most / ALIGNMENT) * (ALIGNMENT / BYTES);
    const count = Math.ceil(this.#length / longest);
    return Array.from({ length: count }, (_, k) => {
      const begin = k * longest;
      const range = { buffer: this.#buffer, offset: this.#offset + BYTES * begin };
      return new GPUArray(this.place, range, Math.min(longest, this.#length - begin));
    });
  }

  /** Makes all numbers the same. */
  fill(value: number): this {
    if (value === 0) this.place.zero_now([this]);
    else this.set(new Float32Array(this.length).fill(value));
    return this;
  }

  /**
   * Writes numbers, or copies those of an array on the same device.
   *
   * @param start - Where the first of them goes, as in `Float32Array.set`: the new rows after a `resize`. Default 0.
   * @throws RangeError if they do not fit; nothing has changed then.
   */
  set(values: ArrayLike<number> | GPUArray, start = 0): void {
    const most = this.length - values.length;
    if (!Number.isInteger(start) || start < 0 || start > most) {
      const expected = `from 0 to ${most}, to hold ${values.length} of ${this.length} numbers`;
      refuse("GPUArray: start", expected, start, RangeError);
    }
    const offset = this.offset + BYTES * start;
    check_usage("GPUArray.set: its buffer", this, "COPY_DST");
    if (values instanceof GPUArray) check_usage("GPUArray.set: values' buffer", values, "COPY_SRC");
    this.place.watched([this], () => {
      if (values instanceof GPUArray) this.#copy(values, offset);
      else this.device.queue.writeBuffer(this.buffer, offset, Float32Array.from(values));
    });
  }

  #copy(from: GPUArray, offset: number): void {
    const { device, buffer } = this;
    const encoder = device.createCommandEncoder();
    if (from.buffer === buffer) {
      // Nothing is copied within one buffer.
      const { size } = from;
      const between = device.createBuffer({ size, usage: COPY_SRC | COPY_DST });
      encoder.copyBufferToBuffer(buffer, from.offset, between, 0, size);
      encoder.copyBufferToBuffer(between, 0, buffer, offset, size);
      device.queue.submit([encoder.finish()]);
      between.destroy();
    } else {
      encoder.copyBufferToBuffer(from.buffer, from.offset, buffer, offset, from.size);
      device.queue.submit([encoder.finish()]);
    }
  }

  /**
   * Reads the numbers from the device.
   *
   * @throws Error, as a rejected promise, if the device cannot give them: if it is lost, or the buffer is
   *   destroyed or has no usage `COPY_SRC`.
   */
  read(): Promise<Float32Array<ArrayBuffer>> {
    return this.place.read(this, "numbers on a GPU");
  }

  [Symbol.iterator](): Iterator<number> {
    if (!without) throw new Error(UNREADABLE);
    const is_filled_in = without.is_kept(this);
    without[is_filled_in ? "kept" : "made"].push(this);
    return is_filled_in ? [].values() : new Float32Array(this.length).values();
  }
}

const UNREADABLE =
  "numbers on a GPU cannot be read or written one by one: take await param.read(), or for state_dict() " +
  'await read_state_dict(optimizer) of "torch-optim/webgpu"';

/** While a state is taken without its numbers: the arrays that it asked for. */
let without: (Arrays & { readonly is_kept: (array: GPUArray) => boolean }) | undefined;

interface Arrays {
  /** Those that keep numbers, which are filled in later, and those that were made of zeros for it. */
  readonly kept: GPUArray[];
  readonly made: GPUArray[];
}

/** What a function gives while arrays that are kept are as if they were empty; and the arrays, in their order. */
export function without_numbers<T>(
  take: () => T,
  is_kept: (array: GPUArray) => boolean = () => true,
): Arrays & { readonly taken: T } {
  const arrays: Arrays = { kept: [], made: [] };
  without = { ...arrays, is_kept };
  try {
    return { taken: take(), ...arrays };
  } finally {
    without = undefined;
  }
}

const USAGES = { COPY_DST, COPY_SRC };

function check_usage(name: string, { buffer }: GPUArray, usage: keyof typeof USAGES): void {
  if (buffer.usage & USAGES[usage]) return;
  throw new TypeError(`${name} must have the usage ${usage}, got usage ${buffer.usage}`);
}

/** A loop that reads or writes numbers by their index, as if they stood here, comes to no silent nothing. */
function refuse_index(key: string | symbol): void {
  if (typeof key === "string" && /^\d+$/.test(key)) throw new TypeError(UNREADABLE);
}

Object.setPrototypeOf(
  GPUArray.prototype,
  new Proxy(Object.prototype, {
    get(target, key, receiver) {
      refuse_index(key);
      return Reflect.get(target, key, receiver);
    },
    set(target, key, value, receiver) {
      refuse_index(key);
      return Reflect.set(target, key, value, receiver);
    },
  }),
);
