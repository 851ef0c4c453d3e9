import { Adadelta, type AdadeltaOptions } from "torch-optim/optim";
import { adadelta as program } from "../programs/adadelta.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.Adadelta` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = adadelta({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function adadelta(options: AdadeltaOptions = {}): TorchTransformation {
  return transformation((params) => new Adadelta(params, options), { adadelta: program });
}
