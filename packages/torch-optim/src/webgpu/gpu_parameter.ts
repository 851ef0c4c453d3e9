import { check_data } from "../numbers.ts";
import { shape_of } from "../parameter.ts";
import type { PlacedParameter } from "../place.ts";
import { is_object, refuse } from "../refusal.ts";
import { type Slot, take_slot } from "./arena.ts";
import { STORAGE } from "./flags.ts";
import { ALIGNMENT, BYTES, GPUArray } from "./gpu_array.ts";
import { type GPUPlace, place_on } from "./gpu_place.ts";

/** What a `GPUParameter` is made of. */
export interface GPUParameterInit {
  /** The values, of which a copy is made, or a buffer of the user's own that has them, or a range of one. */
  data: Float32Array | readonly number[] | GPUBuffer | GPUBufferBinding;
  /** The size of every dimension. Default: one dimension. */
  shape?: readonly number[];
}

/** Numbers on the device: a buffer, or a range of one. */
export type GPUNumbers = GPUBuffer | GPUBufferBinding;

/**
 * A model's parameter whose values and gradient are on a GPU, in float32, where an optimizer updates them.
 *
 * `data` and `grad` are ranges `{ buffer, offset, size }`, which a bind group takes as they are. `grad` is made
 * with the parameter, and counts as present until it is set to `null`: your passes write into it, or you set a
 * buffer of your own. Nothing but `zero_grad()` clears it, so gradients may be accumulated over many passes.
 *
 * Parameters that are given as numbers share buffers, and one dispatch updates all of them that share
 * options; one in a buffer of your own takes a dispatch for itself.
 *
 * @throws TypeError or RangeError if the data are no float32 numbers, do not fill the shape, or exceed what a
 *   buffer of the device can hold.
 * @example
 * ```ts
 * const weight = new GPUParameter(device, { data: new Float32Array(640), shape: [64, 10] });
 * const optimizer = new torch.optim.AdamW([weight], { lr: 1e-3 });
 * // … your passes write weight.grad …
 * optimizer.step();
 * console.log(await weight.read());
 * ```
 */
export class GPUParameter implements PlacedParameter {
  /** The device that has it. */
  readonly device: GPUDevice;
  /** The values. */
  readonly data: GPUArray;
  /** The device, as optimizers see it. */
  readonly place: GPUPlace;

  /** Where its values, its gradient and what optimizers remember of it stand. */
  #slot: Slot;
  #shape: readonly number[];
  /** The slots of what is not as long as the parameter: sums of its rows and columns. */
  #others: Slot[] = [];
  /** The gradient, and where it stands unless it is a buffer of the user's. */
  #grad: GPUArray | null;
  readonly #own_grad: GPUArray;
  #is_destroyed = false;
  /** Why it cannot be used any more, if that is so. */
  #problem = "";

  constructor(device: GPUDevice, init: GPUParameterInit) {
    if (!is_object(init)) refuse("GPUParameter: init", "{ data, shape }", init);
    const { data, shape } = init;
    const range = range_of(data);
    const length = range
      ? length_of("GPUParameter: data", range, Array.isArray(shape) ? shape : undefined)
      : length_of_numbers(data);
    this.#shape = shape_of("GPUParameter: shape", { data: { length }, shape });
    this.device = device;
    this.place = place_on(device);
    this.#slot = take_slot(this.place, length);
    if (range) this.data = new GPUArray(this.place, range, length);
    else {
      this.data = this.#slot.next();
      this.data.set(data as Float32Array);
    }
    this.#own_grad = this.#slot.next();
    this.#grad = this.#own_grad;
    this.place.admit(this);
  }

  /** The size of every dimension. */
  get shape(): readonly number[] {
    return this.#shape;
  }

  /** The gradient, or `null`. What is set is a buffer of the user's own, which is not copied. */
  get grad(): GPUArray | null {
    return this.#grad;
  }

  set grad(grad: GPUNumbers | null) {
    this.#grad = grad === null ? null : this.#take(grad);
  }

  /** The gradient in a buffer of the user's own. */
  #take(grad: GPUNumbers): GPUArray {
    if (grad instanceof GPUArray && grad.length === this.data.length) return grad;
    const range = range_of(grad);
    if (!range) return refuse("GPUParameter: grad", "a GPUBuffer, a range of one or null", grad);
    const length = length_of("GPUParameter: grad", range, [this.data.length]);
    return new GPUArray(this.place, range, length);
  }

  /** Whether it was destroyed. */
  get is_destroyed(): boolean {
    return this.#is_destroyed;
  }

  /** Why it cannot be used any more, if that is so. */
  get problem(): string {
    return this.#problem;
  }

  /** Everything that stands on the device of it. */
  *arrays(): Iterable<GPUArray> {
    yield this.data;
    if (this.#grad) yield this.#grad;
    yield* this.#slot.arrays;
    for (const { arrays } of this.#others) yield* arrays;
  }

  /** Zeros beside the parameter, for what an optimizer remembers of it. */
  zeros(length: number): GPUArray {
    if (length === this.data.length) return this.#slot.next();
    const slot = take_slot(this.place, length);
    this.#others.push(slot);
    return slot.next();
  }

  /** Frees the device memory of arrays that `zeros` gave. */
  free(arrays: readonly unknown[]): void {
    for (const array of arrays) {
      if (!(array instanceof GPUArray)) continue;
      for (const slot of [this.#slot, ...this.#others]) slot.free(array);
    }
    this.#others = this.#others.filter(({ arrays }) => arrays.length > 0);
  }

  /** Whether an optimizer remembers what has no row for each of the parameter's: sums of rows or columns. */
  get has_sums(): boolean {
    return this.#others.length > 0;
  }

  /** Has these rows, and then so many of zeros, in all its arrays. */
  change_rows(rows: Uint32Array, added: number): void {
    const [, ...sides] = this.#shape;
    const width = sides.reduce((product, n) => product * n, 1);
    const count = rows.length + added;
    const old = this.#slot;
    const moving = old.arrays;
    if (!moving.includes(this.data)) moving.unshift(this.data);
    const slot = take_slot(this.place, count * width);
    const pairs = moving.map((array) => [array, slot.next(array)] as const);
    this.place.gather(pairs, rows, width).then((problem) => {
      if (problem) this.#problem = `its rows could not be resized: ${problem}`;
    });
    old.release();
    for (const [array, made] of pairs) array.move_to(made);
    this.#slot = slot;
    // A gradient in a buffer of the user's is as long as the parameter was.
    if (this.#grad && this.#grad !== this.#own_grad) this.#grad = this.#own_grad.fill(0);
    this.#shape = [count, ...sides];
  }

  /**
   * Reads the values from the device.
   *
   * @throws Error, as a rejected promise that says why the device cannot give them, or could not update them.
   */
  async read(): Promise<Float32Array<ArrayBuffer>> {
    const name = `GPUParameter of shape [${this.#shape.join(", ")}]`;
    const values = await this.place.read(this.data, `${name}: its values`);
    const problem = await this.place.problem_of(this);
    if (problem) throw new Error(`${name} was not updated: ${problem}`);
    return values;
  }

  /** Frees the device memory of the parameter, its gradient and its state, as far as no other shares it. */
  destroy(): void {
    if (this.#is_destroyed) return;
    this.#is_destroyed = true;
    for (const slot of [this.#slot, ...this.#others]) slot.release();
  }
}

/** A range of a buffer, of what is one or may be one; nothing of anything else. */
function range_of(value: unknown): GPUBufferBinding | undefined {
  if (!is_object(value)) return undefined;
  if ("mapAsync" in value) return { buffer: value as unknown as GPUBuffer };
  return "buffer" in value && is_object(value.buffer) && "mapAsync" in value.buffer
    ? (value as unknown as GPUBufferBinding)
    : undefined;
}

function length_of_numbers(data: unknown): number {
  if (data instanceof Float64Array) {
    refuse("GPUParameter: data", "in float32 (new Float32Array(data))", data);
  }
  check_data("GPUParameter: data", data);
  return data.length;
}

/** How many numbers a range holds; refuses one that no shader can write, or that does not fill the shape. */
function length_of(
  name: string,
  { buffer, offset = 0, size = buffer.size - offset }: GPUBufferBinding,
  shape?: readonly number[],
): number {
  if (!(buffer.usage & STORAGE)) {
    throw new TypeError(
      `${name} must be a buffer with the usage STORAGE, got usage ${buffer.usage}`,
    );
  }
  if (offset < 0 || offset % ALIGNMENT !== 0) {
    refuse(`${name}.offset`, `a multiple of ${ALIGNMENT}`, offset, RangeError);
  }
  const wanted = shape ? BYTES * shape.reduce((product, n) => product * n, 1) : size;
  if (size % BYTES !== 0 || size < wanted || offset + wanted > buffer.size) {
    refuse(`${name}.size`, `at least ${wanted} bytes, a multiple of ${BYTES}`, size, RangeError);
  }
  return wanted / BYTES;
}
