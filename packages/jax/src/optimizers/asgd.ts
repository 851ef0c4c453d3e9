import { ASGD, type ASGDOptions } from "torch-optim/optim";
import { asgd as program } from "../programs/asgd.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.ASGD` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = asgd({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function asgd(options: ASGDOptions = {}): TorchTransformation {
  return transformation((params) => new ASGD(params, options), { asgd: program });
}
