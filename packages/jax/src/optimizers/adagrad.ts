import { Adagrad, type AdagradOptions } from "torch-optim/optim";
import { adagrad as program } from "../programs/adagrad.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.Adagrad` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = adagrad({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function adagrad(options: AdagradOptions = {}): TorchTransformation {
  return transformation((params) => new Adagrad(params, options), { adagrad: program });
}
