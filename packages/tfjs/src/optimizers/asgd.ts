import { serialization } from "@tensorflow/tfjs-core";
import { type ASGDOptions, ASGD as TorchASGD } from "torch-optim/optim";
import { asgd } from "../programs/asgd.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.ASGD` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new ASGD({ lr: 1e-2 }), loss: "meanSquaredError" });
 * ```
 */
export class ASGD extends TorchOptimizer<ASGDOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimASGD";

  constructor(options: WithGroups<ASGDOptions> = {}) {
    super(options, (groups, own) => new TorchASGD(groups, own), { asgd });
  }
}

serialization.registerClass(ASGD);
