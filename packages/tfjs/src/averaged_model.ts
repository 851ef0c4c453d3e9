import { clone, keep, type Tensor, tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { Program } from "torch-optim/place";
import { OPERATIONS } from "./operations.ts";
import { average } from "./programs/average.ts";
import { lerp } from "./programs/vectors.ts";
import { type VariableLike, variable_of } from "./variables.ts";

/** Options of `AveragedModel`. */
export interface AveragedModelOptions {
  /**
   * How much of the average is kept when it takes in new values, from 0 to 1; `null` weighs all values
   * alike. Default `null`.
   */
  ema_decay?: number | null;
}

/** The state of an `AveragedModel`, as plain data. */
export interface AveragedModelState {
  /** How many values were averaged. */
  n_averaged: number;
  /** The averages, one list for each variable. */
  averages: number[][];
}

/**
 * Averages of a model's weights over training, for stochastic weight averaging or an exponential moving
 * average. They stay on the device.
 *
 * The first `update_parameters` copies the values. Every further one takes the averages on:
 * `a ← a + (p - a) / (n_averaged + 1)`, or `a ← ema_decay · a + (1 - ema_decay) · p`.
 *
 * Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization"
 * (https://arxiv.org/abs/1803.05407); `torch.optim.swa_utils.AveragedModel`.
 *
 * @throws RangeError for another `ema_decay`.
 * @example
 * ```ts
 * const averaged = new AveragedModel(model.trainableWeights);
 * const callbacks = { onEpochEnd: () => averaged.update_parameters() };
 * await model.fit(x, y, { epochs: 10, callbacks });
 * averaged.swap(); // The model has the averages: test it, or save it.
 * averaged.swap(); // And its own values again.
 * ```
 */
export class AveragedModel {
  /** How much of the average is kept, or `null`. */
  readonly ema_decay: number | null;

  readonly #variables: readonly Variable[];
  #averages: Tensor[];
  #n_averaged = 0;
  #is_swapped = false;

  /** @param variables - Those of the model, as `model.trainableWeights`. */
  constructor(variables: readonly VariableLike[], { ema_decay = null }: AveragedModelOptions = {}) {
    if (ema_decay !== null && !(ema_decay >= 0 && ema_decay <= 1)) {
      throw new RangeError(
        `AveragedModel: ema_decay must be a number from 0 to 1, got ${ema_decay}`,
      );
    }
    this.ema_decay = ema_decay;
    this.#variables = variables.map(variable_of);
    this.#averages = this.#variables.map((variable) => keep(clone(variable)));
  }

  /** How many values were averaged. */
  get n_averaged(): number {
    return this.#n_averaged;
  }

  /**
   * Takes the averages on by the values of the variables.
   *
   * @throws Error while the averages stand in the model.
   */
  update_parameters(): void {
    this.#refuse_swapped("update_parameters");
    const n = this.#n_averaged;
    const [program, scalar]: [Program, number] =
      n === 0 ? [lerp, 1] : this.ema_decay === null ? [average, n + 1] : [lerp, 1 - this.ema_decay];
    for (const [i, variable] of this.#variables.entries()) {
      const [next] = tidy(() =>
        program.run(OPERATIONS, [this.#averages[i], variable], program.uniforms([scalar])),
      );
      this.#replace(i, next);
    }
    this.#n_averaged = n + 1;
  }

  /** Exchanges the averages and the values of the variables. Twice is as before. */
  swap(): void {
    for (const [i, variable] of this.#variables.entries()) {
      const own = clone(variable);
      variable.assign(this.#averages[i]);
      this.#replace(i, own);
    }
    this.#is_swapped = !this.#is_swapped;
  }

  /** The state as a plain object that survives JSON: the averages, also while they stand in the model. */
  async state_dict(): Promise<AveragedModelState> {
    const tensors = this.#is_swapped ? this.#variables : this.#averages;
    const averages = await Promise.all(tensors.map(async (each) => Array.from(await each.data())));
    return { n_averaged: this.#n_averaged, averages };
  }

  /**
   * Takes up a state.
   *
   * @throws RangeError for other numbers of variables or values; Error while the averages stand in the
   *   model. Nothing has changed then.
   */
  load_state_dict({ n_averaged, averages }: AveragedModelState): void {
    this.#refuse_swapped("load_state_dict");
    const sizes = this.#variables.map(({ size }) => size);
    if (
      !Array.isArray(averages) ||
      String(averages.map((each) => each?.length)) !== String(sizes)
    ) {
      throw new RangeError(
        `AveragedModel: averages must be ${sizes.length} lists of ${sizes.join(", ")} numbers`,
      );
    }
    for (const [i, { shape }] of this.#variables.entries()) {
      this.#replace(i, tensor(Float32Array.from(averages[i]), shape));
    }
    this.#n_averaged = n_averaged;
  }

  /** Disposes the averages. */
  dispose(): void {
    for (const each of this.#averages) each.dispose();
    this.#averages = [];
  }

  #replace(i: number, tensor: Tensor): void {
    this.#averages[i].dispose();
    this.#averages[i] = keep(tensor);
  }

  #refuse_swapped(method: string): void {
    if (!this.#is_swapped) return;
    throw new Error(`AveragedModel: ${method} must wait until swap() has put the averages back`);
  }
}
