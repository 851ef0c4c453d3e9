import { serialization } from "@tensorflow/tfjs-core";
import { type RpropOptions, Rprop as TorchRprop } from "torch-optim/optim";
import { rprop } from "../programs/rprop.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.Rprop` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new Rprop({ lr: 1e-2 }), loss: "meanSquaredError" });
 * ```
 */
export class Rprop extends TorchOptimizer<RpropOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimRprop";

  constructor(options: WithGroups<RpropOptions> = {}) {
    super(options, (groups, own) => new TorchRprop(groups, own), { rprop });
  }
}

serialization.registerClass(Rprop);
