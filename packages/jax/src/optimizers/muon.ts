import { Muon, type MuonOptions } from "torch-optim/optim";
import { muon_momentum, muon as program } from "../programs/muon.ts";
import { type TorchTransformation, transformation } from "../transformation.ts";

/**
 * `torch.optim.Muon` as a gradient transformation, with PyTorch's options, defaults and numbers.
 *
 * For matrices. Products are those of jax-js, so a step may differ from the library's by
 * .05 · lr · adjustment.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const solver = muon({ lr: 1e-3 });
 * let state = solver.init(tree.ref(params));
 * ```
 */
export function muon(options: MuonOptions = {}): TorchTransformation {
  return transformation(
    (params) => new Muon(params, options),
    { muon: program, muon_momentum },
    true,
  );
}
