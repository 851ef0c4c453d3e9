import { RMSprop, type RMSpropOptions } from "torch-optim/optim";
import { rmsprop as program } from "../programs/rmsprop.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.RMSprop` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = rmsprop({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function rmsprop(options: RMSpropOptions = {}): TorchTransformation {
  return transformation((params) => new RMSprop(params, options), { rmsprop: program });
}
