import { Adam, type AdamOptions } from "torch-optim/optim";
import { adam as program } from "../programs/adam.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.Adam` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = adam({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function adam(options: AdamOptions = {}): TorchTransformation {
  return transformation((params) => new Adam(params, options), { adam: program });
}
