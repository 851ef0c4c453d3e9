import { serialization } from "@tensorflow/tfjs-core";
import { type NAdamOptions, NAdam as TorchNAdam } from "torch-optim/optim";
import { nadam } from "../programs/nadam.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.NAdam` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new NAdam({ lr: 2e-3 }), loss: "meanSquaredError" });
 * ```
 */
export class NAdam extends TorchOptimizer<NAdamOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimNAdam";

  constructor(options: WithGroups<NAdamOptions> = {}) {
    super(options, (groups, own) => new TorchNAdam(groups, own), { nadam });
  }
}

serialization.registerClass(NAdam);
