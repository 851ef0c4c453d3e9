import { serialization } from "@tensorflow/tfjs-core";
import { type MuonOptions, Muon as TorchMuon } from "torch-optim/optim";
import { newton_schulz } from "../newton_schulz.ts";
import { muon, muon_momentum } from "../programs/muon.ts";
import { TorchOptimizer, type WithGroups } from "../torch_optimizer.ts";

/**
 * `torch.optim.Muon` as a `tf.Optimizer`, with PyTorch's options, defaults and numbers.
 *
 * For matrices: of a model with biases too, name those to another optimizer by `minimize`'s list of
 * variables. Products are TensorFlow's, so a step may differ from the library's by .05 · lr · adjustment.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * model.compile({ optimizer: new Muon({ lr: 0.02 }), loss: "meanSquaredError" });
 * ```
 */
export class Muon extends TorchOptimizer<MuonOptions> {
  /** What a saved model calls it. */
  static readonly className = "TorchOptimMuon";

  constructor(options: WithGroups<MuonOptions> = {}) {
    super(options, (groups, own) => new TorchMuon(groups, own), {
      muon,
      muon_momentum,
      newton_schulz,
    });
  }
}

serialization.registerClass(Muon);
