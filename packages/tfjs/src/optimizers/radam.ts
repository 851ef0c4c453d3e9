import { serialization } from "@tensorflow/tfjs-core";
import { type RAdamOptions, RAdam as TorchRAdam } from "torch-optim/optim";
import { radam } from "../programs/radam.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.RAdam` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new RAdam({ lr: 1e-3 }), loss: "meanSquaredError" });
 * ```
 */
export class RAdam extends TorchOptimizer<RAdamOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimRAdam";

  constructor(options: WithGroups<RAdamOptions> = {}) {
    super(options, (groups, own) => new TorchRAdam(groups, own), { radam });
  }
}

serialization.registerClass(RAdam);
