import {
  fill,
  keep,
  reshape,
  type Tensor,
  tensor1d,
  type Variable,
  zeros,
} from "@tensorflow/tfjs-core";
import type { FloatArray } from "torch-optim";

/**
 * An array at TensorFlow's place. Its tensor cannot be written, so what is computed last takes the place
 * of what there was.
 */
export class StoredTensor {
  readonly length: number;
  #tensor: Tensor | undefined;
  /** The numbers, where they were read ahead of being asked for. */
  #numbers: ArrayLike<number> | undefined;

  constructor(length: number) {
    this.length = length;
  }

  /** The numbers in one dimension: zeros, where nothing was ever stored. */
  get tensor(): Tensor {
    this.#tensor ??= keep(zeros([this.length]));
    return this.#tensor;
  }

  /** Takes over a tensor that is nobody else's. */
  store(tensor: Tensor): void {
    this.#tensor?.dispose();
    this.#tensor = keep(tensor);
  }

  fill(value: number): this {
    this.store(fill([this.length], value));
    return this;
  }

  set(values: ArrayLike<number>): void {
    this.store(tensor1d(Float32Array.from(values)));
  }

  /** Reads the numbers from the device, from where they are synchronously there until `forget`. */
  async read(): Promise<void> {
    this.#numbers = await this.tensor.data();
  }

  forget(): void {
    this.#numbers = undefined;
  }

  [Symbol.iterator](): Iterator<number> {
    return Array.from(this.#numbers ?? this.tensor.dataSync()).values();
  }

  dispose(): void {
    this.#tensor?.dispose();
    this.#tensor = undefined;
  }
}

/** The values of a variable, which a new tensor is assigned to. */
export class VariableTensor extends StoredTensor {
  readonly #variable: Variable;

  constructor(variable: Variable) {
    super(variable.size);
    this.#variable = variable;
  }

  override get tensor(): Tensor {
    return reshape(this.#variable, [this.length]);
  }

  override store(tensor: Tensor): void {
    const shaped = reshape(tensor, this.#variable.shape);
    this.#variable.assign(shaped);
    shaped.dispose();
    tensor.dispose();
  }

  override dispose(): void {}
}

/** What optimizers take for an array, of which they ask no more than there is. */
export function as_numbers(tensor: StoredTensor): FloatArray {
  const array: unknown = tensor;
  return array as FloatArray;
}
