import type { Numbers, ParameterLike } from "../parameter.ts";
import { evaluate } from "./closure.ts";
import { ARRAYS, list } from "./kernel_call.ts";
import { Optimizer, owner_of } from "./optimizer.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";

/**
 * An optimizer that updates one parameter after the other, as nearly all do: a subclass says what its
 * options are, what it remembers of a parameter, and how it updates one. Groups, states, schedulers and
 * checks come with that.
 *
 * @example
 * ```ts
 * const { entry, option, option_table, PerParameterOptimizer } = torch.optim;
 *
 * // m ← momentum · m + g, p ← p - lr · m
 * type Options = { lr?: number; momentum?: number };
 * type State = { m: torch.FloatArray };
 *
 * class HeavyBall extends PerParameterOptimizer<Options, State> {
 *   static override readonly option_table = option_table<Required<Options>>("HeavyBall", {
 *     lr: option.number({ min: 0, default: 1e-2 }),
 *     momentum: option.number({ min: 0, default: 0.9 }),
 *   });
 *   static override readonly state_table = { m: entry.like_param() };
 *
 *   protected override update(
 *     { data }: torch.ParameterLike,
 *     grad: torch.optim.Numbers,
 *     { lr, momentum }: torch.optim.ParamGroup<Options>,
 *     { m }: State,
 *   ): void {
 *     for (let i = 0; i < data.length; i++) {
 *       m[i] = momentum * m[i] + grad[i];
 *       data[i] -= lr * m[i];
 *     }
 *   }
 * }
 * ```
 */
export abstract class PerParameterOptimizer<
  Options extends OptimizerOptions = OptimizerOptions,
  State extends object = object,
> extends Optimizer<Options, State> {
  /** Changes the data of a parameter that has a gradient, and what is remembered of it. */
  protected abstract update(
    param: ParameterLike,
    grad: Numbers,
    group: ParamGroup<Options>,
    state: State,
  ): void;

  /** Updates every parameter that has a gradient. */
  override step(): undefined;
  /**
   * Updates every parameter that has a gradient.
   *
   * @param closure - Evaluated first, usually to compute the gradients.
   * @returns What the closure returns: the loss.
   * @throws TypeError for a closure that returns a promise; RangeError or TypeError for an option, data
   *   or a gradient that is not what it must be. No parameter has changed then.
   */
  override step<Loss>(closure: () => Loss): Loss;
  override step<Loss>(closure?: () => Loss): Loss | undefined {
    const loss = closure === undefined ? undefined : evaluate(owner_of(this), closure);
    this.check_step();
    this.stepped = true;
    for (let g = 0; g < this.param_groups.length; g++) {
      const group = this.param_groups[g];
      for (let i = 0; i < group.params.length; i++) {
        const param = group.params[i];
        const { grad } = param;
        if (grad !== null) this.update(param, grad, group, this.state_of(param, group));
      }
    }
    // What they hold may be collected.
    list(ARRAYS);
    this.end_step();
    return loss;
  }
}
