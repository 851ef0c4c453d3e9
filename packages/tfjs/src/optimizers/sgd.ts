import { serialization } from "@tensorflow/tfjs-core";
import { type SGDOptions, SGD as TorchSGD } from "torch-optim/optim";
import { sgd, sgd_momentum } from "../programs/sgd.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.SGD` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new SGD({ lr: 0.1, momentum: 0.9 }), loss: "meanSquaredError" });
 * ```
 */
export class SGD extends TorchOptimizer<SGDOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimSGD";

  constructor(options: WithGroups<SGDOptions> = {}) {
    super(options, (groups, own) => new TorchSGD(groups, own), { sgd, sgd_momentum });
  }
}

serialization.registerClass(SGD);
