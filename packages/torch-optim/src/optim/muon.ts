import { boolean, custom, nullable, number, one_of, whole_number } from "../fields.ts";
import { are_finite } from "../numbers.ts";
import { option_table } from "../option_table.ts";
import {
  type FloatArray,
  type Numbers,
  type ParameterLike,
  place_of,
  shape_of,
  zeros_like,
} from "../parameter.ts";
import { refuse_numbers } from "../refusal.ts";
import { muon, muon_momentum } from "./compiled_kernels/muon.ts";
import { like_param } from "./entry.ts";
import { newton_schulz } from "./newton_schulz.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

const ADJUSTMENTS = ["original", "match_rms_adamw", "spectral_unclamped"] as const;

/** Options of `Muon`. */
export interface MuonOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 1e-3. */
  lr?: number;
  /** How much of a parameter every step takes off, times lr; at least 0. Default 0.1. */
  weight_decay?: number;
  /** How much of the gradient's running mean is kept, at least 0. Default 0.95. */
  momentum?: number;
  /** Whether to look ahead along the momentum. Default true. */
  nesterov?: boolean;
  /** The iteration's polynomial: those of X, X³ and X⁵. Default [3.4445, -4.775, 2.0315]. */
  ns_coefficients?: [number, number, number];
  /** The least norm that an update is divided by, at least 0. Default 1e-7. */
  eps?: number;
  /** The iteration's steps, from 0 to below 100. Default 5. */
  ns_steps?: number;
  /**
   * What lr is multiplied by for a matrix of `A` rows and `B` columns: `√max(1, A / B)`
   * ("original", as null), `0.2 √max(A, B)` ("match_rms_adamw", so that an lr that suits AdamW suits
   * Muon) or `√(A / B)` ("spectral_unclamped"). Default null.
   */
  adjust_lr_fn?: (typeof ADJUSTMENTS)[number] | null;
}

type Options = Required<MuonOptions>;

/** What Muon remembers of a parameter. */
interface MuonState {
  momentum_buffer: FloatArray;
}

/**
 * Muon: steps along the momentum with all its singular values made about 1, so that every
 * direction of a weight matrix learns alike. For the matrices of hidden layers; biases, embeddings
 * and the rest go to another optimizer.
 *
 * With the gradient `g`: `b ← momentum · b + (1 - momentum) · g`, with `nesterov`
 * `u = momentum · b + (1 - momentum) · g`, else `u = b`;
 * `p ← p · (1 - lr · weight_decay) - lr · adjustment · orthogonalize(u)`.
 *
 * The orthogonalization runs in bfloat16 as PyTorch's does, whatever the parameter's precision, and
 * rounds where PyTorch rounds. Sums in another order differ in the last bit of float32, and about
 * one in 100,000 then rounds to the neighbouring bfloat16, 1/256 beside. So small matrices follow
 * PyTorch's to the precision of the parameter; of large ones single numbers differ by about a
 * hundredth of lr, as PyTorch's own do from one processor to another.
 *
 * Its products are computed in float32. On a processor with instructions for bfloat16, PyTorch's was
 * measured to take a tenth of the time of this one; on one without them it takes longer.
 *
 * Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks"
 * (https://kellerjordan.github.io/posts/muon/); Liu et al., "Muon is Scalable for LLM Training"
 * (https://arxiv.org/abs/2502.16982); `torch.optim.Muon`.
 *
 * @throws RangeError or TypeError that names the option, or the parameter that is no matrix.
 * @example
 * ```ts
 * const optimizer = new torch.optim.Muon([new torch.Parameter(weights, [64, 32])], { lr: 0.02 });
 * ```
 */
export class Muon extends PerParameterOptimizer<MuonOptions, MuonState> {
  static override readonly option_table = option_table<Options>("Muon", {
    lr: number({ min: 0, default: 1e-3 }),
    weight_decay: number({ min: 0, default: 0.1 }),
    momentum: number({ min: 0, default: 0.95 }),
    nesterov: boolean(true),
    ns_coefficients: custom<[number, number, number]>(
      "three finite numbers",
      (value) => are_finite(value, 3),
      [3.4445, -4.775, 2.0315],
    ),
    eps: number({ min: 0, default: 1e-7 }),
    ns_steps: whole_number({ min: 0, below: 100, default: 5 }),
    adjust_lr_fn: nullable(one_of(ADJUSTMENTS, "original")),
  });

  static override readonly state_table: StateTable<MuonState, MuonOptions> = {
    momentum_buffer: like_param(),
  };

  readonly #newton_schulz = newton_schulz();
  /** Where the updates of parameters are written, for one after another of as many numbers. */
  readonly #updates = new WeakMap<object, Map<number, FloatArray>>();
  readonly #shapes = new WeakSet<readonly number[]>();

  protected override check_param(name: string, param: ParameterLike): void {
    const shape = shape_of(`${name}: shape`, param);
    const expected = "that of a matrix, [rows, columns]";
    if (shape.length !== 2) refuse_numbers(`${name}: shape`, expected, shape);
    param.place?.check_whole?.(name, param);
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    group: ParamGroup<MuonOptions>,
    { momentum_buffer }: MuonState,
  ): void {
    const [rows, columns] = this.#shape_of(param);
    // A matrix without rows or columns has no direction.
    if (rows * columns === 0) return;
    const place = place_of(param);
    const { lr, weight_decay, momentum, nesterov, ns_coefficients, ns_steps, eps } = group;
    const [a, b, c] = ns_coefficients;
    const update = this.#update_for(param, place);
    place.run(muon_momentum, [grad, momentum_buffer, update], [momentum, Number(nesterov)]);
    place.run(this.#newton_schulz, [update], [rows, columns, a, b, c, ns_steps, eps]);
    const step_size = lr * adjustment(group.adjust_lr_fn, rows, columns);
    place.run(muon, [param.data, update], [1 - lr * weight_decay, step_size]);
  }

  #update_for(param: ParameterLike, place: object): FloatArray {
    const n = param.data.length;
    const scratch = param.place?.scratch?.(n);
    if (scratch) return scratch;
    const updates = this.#updates.get(place) ?? new Map<number, FloatArray>();
    this.#updates.set(place, updates);
    const update = updates.get(n) ?? zeros_like(param);
    updates.set(n, update);
    return update;
  }

  /** A parameter's shape, which is checked anew only if it is another. */
  #shape_of(param: ParameterLike): readonly number[] {
    const { shape } = param;
    if (shape && this.#shapes.has(shape)) return shape;
    const checked = shape_of("Muon: shape", param);
    if (shape) this.#shapes.add(shape);
    return checked;
  }
}

/** What lr is multiplied by for a matrix. */
function adjustment(kind: Options["adjust_lr_fn"], rows: number, columns: number): number {
  if (kind === "match_rms_adamw") return 0.2 * Math.sqrt(Math.max(rows, columns));
  if (kind === "spectral_unclamped") return Math.sqrt(rows / columns);
  return Math.sqrt(Math.max(1, rows / columns));
}
