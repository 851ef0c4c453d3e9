import { RAdam, type RAdamOptions } from "torch-optim/optim";
import { radam as program } from "../programs/radam.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.RAdam` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = radam({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function radam(options: RAdamOptions = {}): TorchTransformation {
  return transformation((params) => new RAdam(params, options), { radam: program });
}
