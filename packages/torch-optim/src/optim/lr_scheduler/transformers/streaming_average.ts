import { custom } from "../../../fields.ts";
import { StateReader, type StateValue } from "../scheduler_state.ts";

const WORDS: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

/** The average of the last `size` values. */
export class StreamingAverage {
  /** A ring once it is full: the oldest value is the next one to go. */
  #values: number[] = [];
  #oldest = 0;
  #sum = 0;

  constructor(readonly size: number) {}

  /** What the average would be with one more value. */
  with(value: number): number {
    return this.#sum_with(value) / Math.min(this.#values.length + 1, this.size);
  }

  add(value: number): void {
    this.#sum = this.#sum_with(value);
    if (this.#values.length < this.size) this.#values.push(value);
    else {
      this.#values[this.#oldest] = value;
      this.#oldest = (this.#oldest + 1) % this.size;
    }
  }

  /** The state under the keys that `transformers` has. */
  state(): object {
    const values = [...this.#values.slice(this.#oldest), ...this.#values.slice(0, this.#oldest)];
    return { window_size: this.size, values, sum: this.#sum };
  }

  static from_state(size: number, path: string, state: unknown): StreamingAverage {
    const reader = new StateReader(path, state);
    const is_value = (value: unknown) => typeof value === "number" || WORDS.includes(value);
    const values = custom<StateValue[]>(
      `a list of at most ${size} numbers`,
      (list) => Array.isArray(list) && list.length <= size && list.every(is_value),
    );
    const average = new StreamingAverage(size);
    average.#values = reader.checked("values", values).map(Number);
    average.#sum = Number(reader.like("sum", 0));
    return average;
  }

  /** A running sum, rounded at every step as that of `transformers` is. */
  #sum_with(value: number): number {
    const sum = this.#sum + value;
    return this.#values.length < this.size ? sum : sum - this.#values[this.#oldest];
  }
}
