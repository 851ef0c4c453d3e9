import { Rprop, type RpropOptions } from "torch-optim/optim";
import { rprop as program } from "../programs/rprop.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.Rprop` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = rprop({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function rprop(options: RpropOptions = {}): TorchTransformation {
  return transformation((params) => new Rprop(params, options), { rprop: program });
}
