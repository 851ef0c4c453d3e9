import { AdamW, type AdamWOptions } from "torch-optim/optim";
import { adam } from "../programs/adam.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.AdamW` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = adamw({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function adamw(options: AdamWOptions = {}): TorchTransformation {
  return transformation((params) => new AdamW(params, options), { adam });
}
