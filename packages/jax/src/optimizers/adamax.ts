import { Adamax, type AdamaxOptions } from "torch-optim/optim";
import { adamax as program } from "../programs/adamax.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.Adamax` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = adamax({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function adamax(options: AdamaxOptions = {}): TorchTransformation {
  return transformation((params) => new Adamax(params, options), { adamax: program });
}
