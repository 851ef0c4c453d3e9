import { serialization } from "@tensorflow/tfjs-core";
import { type AdamOptions, Adam as TorchAdam } from "torch-optim/optim";
import { adam } from "../programs/adam.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.Adam` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new Adam({ lr: 1e-3 }), loss: "meanSquaredError" });
 * ```
 */
export class Adam extends TorchOptimizer<AdamOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimAdam";

  constructor(options: WithGroups<AdamOptions> = {}) {
    super(options, (groups, own) => new TorchAdam(groups, own), { adam });
  }
}

serialization.registerClass(Adam);
