import { serialization } from "@tensorflow/tfjs-core";
import { type AdagradOptions, Adagrad as TorchAdagrad } from "torch-optim/optim";
import { adagrad } from "../programs/adagrad.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.Adagrad` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new Adagrad({ lr: 1e-2 }), loss: "meanSquaredError" });
 * ```
 */
export class Adagrad extends TorchOptimizer<AdagradOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimAdagrad";

  constructor(options: WithGroups<AdagradOptions> = {}) {
    super(options, (groups, own) => new TorchAdagrad(groups, own), { adagrad });
  }
}

serialization.registerClass(Adagrad);
