import { NAdam, type NAdamOptions } from "torch-optim/optim";
import { nadam as program } from "../programs/nadam.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.NAdam` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = nadam({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function nadam(options: NAdamOptions = {}): TorchTransformation {
  return transformation((params) => new NAdam(params, options), { nadam: program });
}
