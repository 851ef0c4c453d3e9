import { COUNT, checked, custom, func, nullable } from "../../fields.ts";
import { option_table, resolve } from "../../option_table.ts";
import {
  type FloatArray,
  is_parameter,
  type Numbers,
  type ParameterLike,
  place_of,
  plain_zeros,
  zeros_like,
} from "../../parameter.ts";
import { is_object, refusal, refuse } from "../../refusal.ts";
import { average, exchange } from "../compiled_kernels/average.ts";
import type { AnyParameter } from "../params.ts";
import { read_floats, type StateEntry, write_entry } from "../state_numbers.ts";
import type { MultiAvgFn } from "./multi_avg_fn.ts";

/** Options of `AveragedModel`. */
export interface AveragedModelOptions {
  /** What takes the averages on by new values, in place. Default `null`: the equal average. */
  multi_avg_fn?: MultiAvgFn | null;
}

/** The state of an `AveragedModel`, as plain data. */
export interface AveragedModelState {
  /** How many values were averaged. */
  n_averaged: number;
  /** The averages, one list for each parameter. */
  averages: StateEntry[];
}

const ANY = custom<number>("a number", (value) => typeof value === "number");

const OPTIONS = option_table<Required<AveragedModelOptions>>("AveragedModel", {
  multi_avg_fn: nullable(func<MultiAvgFn>()),
});

/**
 * Averages of a model's parameters over training, for stochastic weight averaging or an exponential
 * moving average.
 *
 * The first `update_parameters` copies the values. Every further one takes the averages on:
 * `a ← a + (p - a) / (n_averaged + 1)` by default, or what `multi_avg_fn` says. Averages have their
 * parameter's precision.
 *
 * Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization"
 * (https://arxiv.org/abs/1803.05407); `torch.optim.swa_utils.AveragedModel`, which holds a copy of
 * the whole model in place of `swap`.
 *
 * @throws TypeError if the parameters are none, or `multi_avg_fn` is no function.
 * @example
 * ```ts
 * const averaged = new torch.optim.swa_utils.AveragedModel(params);
 * for (let epoch = 0; epoch < 10; epoch++) {
 *   optimizer.step();
 *   averaged.update_parameters(params);
 * }
 * averaged.swap(); // The model has the averages: test it, or save it.
 * averaged.swap(); // And its own values again.
 * ```
 */
export class AveragedModel {
  readonly multi_avg_fn: MultiAvgFn | null;

  readonly #params: readonly ParameterLike[];
  readonly #averages: readonly FloatArray[];
  #n_averaged = 0;
  #is_swapped = false;

  constructor(params: readonly AnyParameter[], options: AveragedModelOptions = {}) {
    this.multi_avg_fn = resolve(OPTIONS, options).multi_avg_fn;
    if (!Array.isArray(params) || params.length === 0 || !params.every(is_parameter)) {
      refuse("AveragedModel: params", "a list of at least one parameter", params);
    }
    this.#params = [...params] as ParameterLike[];
    this.#averages = this.#params.map((param) => {
      const own = zeros_like(param);
      own.set(param.data);
      return own;
    });
  }

  /** The averages, one list for each parameter; what the parameters had themselves while swapped. */
  get averages(): readonly FloatArray[] {
    return this.#averages;
  }

  /** How many values were averaged. */
  get n_averaged(): number {
    return this.#n_averaged;
  }

  /**
   * Takes the averages on by the values of parameters: those that it was built with, or others like
   * them.
   *
   * @throws TypeError or RangeError for other numbers of parameters or values, and Error while the
   *   averages stand in the model. Nothing has changed then.
   */
  update_parameters(params: readonly AnyParameter[]): void {
    this.#refuse_swapped("update_parameters");
    const current = this.#read(params);
    const n_averaged = this.#n_averaged;
    const averages = this.#averages;
    if (n_averaged === 0) {
      for (const [i, own] of averages.entries()) own.set(current[i]);
    } else if (this.multi_avg_fn) this.multi_avg_fn(averages, current, n_averaged);
    else {
      for (const [i, own] of averages.entries()) {
        place_of(this.#params[i]).run(average, [own, current[i]], [n_averaged + 1]);
      }
    }
    this.#end_step();
    this.#n_averaged = n_averaged + 1;
  }

  /** Exchanges the averages and the values of the parameters that it was built with. Twice is as before. */
  swap(): void {
    const current = this.#read(this.#params);
    for (const [i, own] of this.#averages.entries()) {
      place_of(this.#params[i]).run(exchange, [own, current[i]], []);
    }
    this.#end_step();
    this.#is_swapped = !this.#is_swapped;
  }

  /** The state as a plain object that survives JSON: the averages, also while they stand in the model. */
  state_dict(): AveragedModelState {
    const averages = this.#is_swapped ? this.#params.map(({ data }) => data) : this.#averages;
    return { n_averaged: this.#n_averaged, averages: averages.map((each) => write_entry(each)) };
  }

  /**
   * Takes up a state. Everything is checked before anything changes.
   *
   * @throws TypeError or RangeError that names the key; Error while the averages stand in the model.
   */
  load_state_dict(state_dict: object): void {
    this.#refuse_swapped("load_state_dict");
    const path = "AveragedModel: state_dict";
    if (!is_object(state_dict)) refuse(path, "an object", state_dict);
    const { n_averaged, averages } = state_dict as Partial<AveragedModelState>;
    const read_count = checked(`${path}.n_averaged`, COUNT, n_averaged);
    if (!Array.isArray(averages) || averages.length !== this.#params.length) {
      refuse(`${path}.averages`, `a list of ${this.#params.length} lists`, averages);
    }
    const read = this.#averages.map((own, i) =>
      read_floats(`${path}.averages[${i}]`, averages[i], plain_zeros(own), ANY, [this.#params[i]]),
    );
    for (const [i, own] of this.#averages.entries()) own.set(read[i]);
    this.#n_averaged = read_count;
  }

  /** Frees the device memory of the averages at once; it is of no use then. */
  destroy(): void {
    for (const [i, { place, data }] of this.#params.entries())
      place?.free?.(data, [this.#averages[i]]);
  }

  #end_step(): void {
    for (const { place } of this.#params) place?.end_step?.();
  }

  #refuse_swapped(method: string): void {
    if (!this.#is_swapped) return;
    throw new Error(`AveragedModel: ${method} must wait until swap() has put the averages back`);
  }

  /** The values of parameters like those that it was built with. */
  #read(params: readonly AnyParameter[]): readonly Numbers[] {
    const { length } = this.#averages;
    if (!Array.isArray(params) || params.length !== length || !params.every(is_parameter)) {
      refuse("AveragedModel: params", `a list of ${length} parameters, as many as before`, params);
    }
    for (const [i, { data, place }] of params.entries()) {
      place?.check(`AveragedModel: parameter ${i}`, params[i] as ParameterLike);
      if (place !== this.#params[i].place) {
        throw new Error(`AveragedModel: parameter ${i} must stand where the one before it did`);
      }
      const wanted = this.#averages[i].length;
      if (data.length === wanted) continue;
      throw new RangeError(
        `AveragedModel: parameter ${i} ${refusal(`${wanted} values long, as before`, data.length)}`,
      );
    }
    return params.map(({ data }) => data as Numbers);
  }
}
