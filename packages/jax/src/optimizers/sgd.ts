import { SGD, type SGDOptions } from "torch-optim/optim";
import { sgd as program, sgd_momentum } from "../programs/sgd.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.SGD` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = sgd({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function sgd(options: SGDOptions = {}): TorchTransformation {
  return transformation((params) => new SGD(params, options), { sgd: program, sgd_momentum });
}
