import { serialization } from "@tensorflow/tfjs-core";
import { type AdamWOptions, AdamW as TorchAdamW } from "torch-optim/optim";
import { adam } from "../programs/adam.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.AdamW` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new AdamW({ lr: 1e-3, groups: [{ names: /bias|norm/, weight_decay: 0 }] }), loss: "meanSquaredError" });
 * ```
 */
export class AdamW extends TorchOptimizer<AdamWOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimAdamW";

  constructor(options: WithGroups<AdamWOptions> = {}) {
    super(options, (groups, own) => new TorchAdamW(groups, own), { adam });
  }
}

serialization.registerClass(AdamW);
