import { serialization } from "@tensorflow/tfjs-core";
import { type AdamaxOptions, Adamax as TorchAdamax } from "torch-optim/optim";
import { adamax } from "../programs/adamax.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.Adamax` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new Adamax({ lr: 2e-3 }), loss: "meanSquaredError" });
 * ```
 */
export class Adamax extends TorchOptimizer<AdamaxOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimAdamax";

  constructor(options: WithGroups<AdamaxOptions> = {}) {
    super(options, (groups, own) => new TorchAdamax(groups, own), { adamax });
  }
}

serialization.registerClass(Adamax);
