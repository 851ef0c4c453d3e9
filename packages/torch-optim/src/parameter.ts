import { make_room } from "./memory/room.ts";
import type { Room } from "./memory/slab.ts";
import { check_data, check_grad, is_numbers } from "./numbers.ts";
import type { Place } from "./place.ts";
import { is_object, refuse_numbers } from "./refusal.ts";

/** Numbers in the precision in which a parameter is kept and updated. */
export type FloatArray = Float32Array | Float64Array;

/** Numbers that an optimizer reads or writes: typed arrays, or a user's own plain ones. */
export type Numbers = FloatArray | number[];

/** What an optimizer updates: a `Parameter`, or any object of this form. */
export interface ParameterLike {
  /** The values; a plain array counts as float64. */
  readonly data: Numbers;
  /** The gradient, as long as `data`; a parameter without one is passed over. */
  grad: Numbers | null;
  /** The size of every dimension, for optimizers that ask for it. Default: one dimension. */
  readonly shape?: readonly number[];
  /** Where `data` and `grad` stand, and are arrays of, if not in JavaScript's memory. */
  readonly place?: Place;
}

/**
 * A model's parameter: its values, its gradient, its shape.
 *
 * In float32, values, gradient and an optimizer's state stand where the compiled kernels work on them
 * in place. `data` is the same array for the parameter's life; `grad` is too, once there was one.
 * They are views on memory that other parameters share: to send one elsewhere, send a `slice()`.
 *
 * `Data` is the array that it keeps, of the kind that it is made of.
 *
 * @throws TypeError or RangeError if the data are no numbers or do not fill the shape.
 * @example
 * ```ts
 * const weight = new torch.Parameter(new Float32Array(6), [2, 3]);
 * weight.grad = new Float32Array(6).fill(0.1);
 * ```
 */
export class Parameter<Data extends FloatArray = FloatArray> implements ParameterLike {
  /** The values, row by row. */
  readonly data: Data;
  /** The size of every dimension. */
  readonly shape: number[];

  /** Where gradients are kept, once there was one, and whether there is one now. */
  #grad: Data | undefined;
  #has_grad = false;

  /**
   * @param data - The values, of which it takes a copy; plain numbers become float64.
   * @param shape - Whole numbers whose product is the number of values. Default: one dimension.
   */
  constructor(data: Data | PlainData<Data>, shape?: readonly number[]) {
    check_data("Parameter: data", data);
    this.shape = shape_of("Parameter: shape", { data, shape });
    const copy = data instanceof Float32Array ? in_room(data) : Float64Array.from(data);
    this.data = copy as Data;
  }

  /**
   * The gradient, or `null`. What is set is copied; what is read is always the same array, which may
   * be written in place.
   *
   * @throws TypeError or RangeError if what is set is not numbers, as many as `data` has.
   */
  get grad(): Data | null {
    return this.#has_grad && this.#grad ? this.#grad : null;
  }

  set grad(grad: Numbers | null) {
    if (grad !== null && grad !== this.#grad) {
      check_grad("Parameter: grad", grad, this.data.length);
      // One that was sent to a worker with its buffer is gone.
      if (this.#grad?.length !== this.data.length) {
        this.#grad = take_zeros(this.data) as Data;
      }
      this.#grad.set(grad);
    }
    this.#has_grad = grad !== null;
  }
}

/** Plain numbers, where the array that is made of them will do. */
type PlainData<Data> = Float64Array extends Data ? readonly number[] : never;

/** The size of every dimension; throws the sentence, begun by `name`, that refuses another shape. */
export function shape_of(
  name: string,
  { data, shape = [data.length] }: { data: ArrayLike<number>; shape?: readonly number[] },
): number[] {
  // A copy has no holes, which `every` passes over.
  const sizes = Array.isArray(shape) ? [...shape] : shape;
  const fills =
    Array.isArray(sizes) &&
    sizes.every((n) => Number.isSafeInteger(n) && n >= 0) &&
    sizes.reduce((product, n) => product * n, 1) === data.length;
  if (!fills) return refuse_numbers(name, `whole numbers with the product ${data.length}`, sizes);
  return sizes;
}

/** Whether an optimizer can update it. */
export function is_parameter(value: unknown): value is ParameterLike {
  return (
    is_object(value) &&
    "data" in value &&
    (is_numbers(value.data) || "place" in value) &&
    "grad" in value
  );
}

/** The rooms of parameters, by their data. */
const rooms = new WeakMap<Numbers, Room>();

/** A copy of a parameter's data, in a room of its own where kernels can work. */
function in_room(data: Float32Array): Float32Array {
  const room = make_room(data.length);
  const array = room?.take(data.length);
  if (!room || !array) return data.slice();
  rooms.set(array, room);
  array.set(data);
  return array;
}

function take_zeros(data: FloatArray): FloatArray {
  return rooms.get(data)?.take(data.length) ?? plain_zeros(data);
}

/** JavaScript's memory, where every array can be written in place. */
const HERE: Pick<Place, "run"> = {
  run: (kernel, arrays, scalars) => kernel.run(arrays, scalars),
};

/** Refuses a parameter that stands anywhere else, by a sentence begun by `name`. */
export function refuse_placed(name: string, { place }: ParameterLike): void {
  if (place)
    throw new Error(`${name} must stand in JavaScript's memory, as this optimizer needs the CPU`);
}

/** Where a parameter stands. */
export function place_of({
  place = HERE,
}: {
  readonly place?: Pick<Place, "run">;
}): Pick<Place, "run"> {
  return place;
}

/**
 * Zeros in a parameter's precision, by default as many as it has values, and beside them if there is
 * room.
 */
export function zeros_like({ data, place }: ParameterLike, length = data.length): FloatArray {
  return place?.zeros(length, data) ?? rooms.get(data)?.take(length) ?? plain_zeros(data, length);
}

/** Zeros in the precision of `data`, by default as many, that stand anywhere. */
export function plain_zeros(data: Numbers, length = data.length): FloatArray {
  return new (data instanceof Float32Array ? Float32Array : Float64Array)(length);
}
