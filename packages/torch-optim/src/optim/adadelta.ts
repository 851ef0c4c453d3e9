import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { adadelta } from "./compiled_kernels/adadelta.ts";
import { count, like_param } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `Adadelta`. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 1. */
  lr?: number;
  /** How much of the running squares is kept, from 0 to 1. Default 0.9. */
  rho?: number;
  /** Added under both roots, at least 0. Default 1e-6. */
  eps?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

/** What Adadelta remembers of a parameter. */
interface AdadeltaState {
  step: number;
  square_avg: FloatArray;
  acc_delta: FloatArray;
}

/**
 * Steps by the gradient times the size of the steps of late, over that of the gradients of late.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`:
 * `v ← ρ · v + (1 - ρ) · g²`, `d = √(a + eps) / √(v + eps) · g`, `a ← ρ · a + (1 - ρ) · d²`,
 * `p ← p - lr · d`.
 *
 * Source: Zeiler, "ADADELTA: An Adaptive Learning Rate Method"
 * (https://arxiv.org/abs/1212.5701); `torch.optim.Adadelta`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.Adadelta(params, { rho: 0.95 });
 * ```
 */
export class Adadelta extends PerParameterOptimizer<AdadeltaOptions, AdadeltaState> {
  static override readonly option_table = option_table<Required<AdadeltaOptions>>("Adadelta", {
    lr: number({ min: 0, default: 1 }),
    rho: number({ min: 0, max: 1, default: 0.9 }),
    eps: number({ min: 0, default: 1e-6 }),
    weight_decay: number({ min: 0, default: 0 }),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<AdadeltaState, AdadeltaOptions> = {
    step: count,
    square_avg: like_param({ min: 0 }),
    acc_delta: like_param({ min: 0 }),
  };

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { lr, rho, eps, weight_decay, maximize }: ParamGroup<AdadeltaOptions>,
    state: AdadeltaState,
  ): void {
    state.step++;
    place_of(param).run(
      adadelta,
      list(ARRAYS, param.data, grad, state.square_avg, state.acc_delta),
      list(SCALARS, lr, rho, eps, weight_decay, maximize ? -1 : 1),
    );
  }
}
