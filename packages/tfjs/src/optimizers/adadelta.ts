import { serialization } from "@tensorflow/tfjs-core";
import { type AdadeltaOptions, Adadelta as TorchAdadelta } from "torch-optim/optim";
import { adadelta } from "../programs/adadelta.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.Adadelta` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new Adadelta({ lr: 1 }), loss: "meanSquaredError" });
 * ```
 */
export class Adadelta extends TorchOptimizer<AdadeltaOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimAdadelta";

  constructor(options: WithGroups<AdadeltaOptions> = {}) {
    super(options, (groups, own) => new TorchAdadelta(groups, own), { adadelta });
  }
}

serialization.registerClass(Adadelta);
