import { serialization } from "@tensorflow/tfjs-core";
import { type RMSpropOptions, RMSprop as TorchRMSprop } from "torch-optim/optim";
import { rmsprop } from "../programs/rmsprop.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.RMSprop` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new RMSprop({ lr: 1e-2, momentum: 0.9 }), loss: "meanSquaredError" });
 * ```
 */
export class RMSprop extends TorchOptimizer<RMSpropOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimRMSprop";

  constructor(options: WithGroups<RMSpropOptions> = {}) {
    super(options, (groups, own) => new TorchRMSprop(groups, own), { rmsprop });
  }
}

serialization.registerClass(RMSprop);
