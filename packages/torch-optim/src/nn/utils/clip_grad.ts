import { any_number, boolean, checked } from "../../fields.ts";
import { is_float32 } from "../../memory/bind_kernels.ts";
import { check_grad } from "../../numbers.ts";
import { clamp, dot, max_abs, scale, sum_abs } from "../../optim/compiled_kernels/vectors.ts";
import type { AnyParameter } from "../../optim/params.ts";
import { option_table, resolve } from "../../option_table.ts";
import { is_parameter, type Numbers, type ParameterLike } from "../../parameter.ts";
import type { Place, PlacedNorm, PlacedParameter } from "../../place.ts";
import { refuse } from "../../refusal.ts";

/** Options of `clip_grad_norm_`. */
export interface ClipGradNormOptions {
  /** The order of the norm, above 0; `Infinity` is the largest absolute value. Default 2. */
  norm_type?: number;
  /** Whether a total norm that is NaN or infinite is refused. Default false. */
  error_if_nonfinite?: boolean;
}

const OPTIONS = option_table<Required<ClipGradNormOptions>>("clip_grad_norm_", {
  norm_type: any_number({ above: 0, default: 2 }),
  error_if_nonfinite: boolean(false),
});

const BOUND = any_number({ min: 0 });

/**
 * Scales gradients down, in place, so that their norm is at most `max_norm`: that of all of them
 * together, as if they were one long vector.
 *
 * `total = (Σ |g|^norm_type)^(1 / norm_type)`, `g ← g · min(1, max_norm / (total + 1e-6))`.
 * Each norm has its gradient's precision, and `total` that of the most precise one. An infinite
 * gradient makes the others 0 and itself NaN, as in PyTorch; `error_if_nonfinite` refuses it.
 *
 * Source: `torch.nn.utils.clip_grad_norm_`; Pascanu et al., "On the difficulty of training
 * recurrent neural networks" (https://proceedings.mlr.press/v28/pascanu13.html).
 *
 * @param parameters - One parameter or several; those without a gradient are passed over.
 * @param max_norm - At least 0; `Infinity` only measures.
 * @returns The total norm before clipping; 0 without any gradient.
 * @throws TypeError or RangeError that names the argument; Error for a norm that is not finite, if
 *   asked for. Nothing has changed then.
 * @example
 * ```ts
 * const norm = torch.nn.utils.clip_grad_norm_(params, 1);
 * optimizer.step();
 * ```
 */
export function clip_grad_norm_(
  parameters: ParameterLike | Iterable<ParameterLike>,
  max_norm: number,
  options?: ClipGradNormOptions,
): number;
/**
 * The same on a GPU, where the norm stays until it is read.
 *
 * @returns The total norm before clipping, for `await norm.read()`.
 * @throws As above; Error for `error_if_nonfinite`, and for parameters of several places.
 */
export function clip_grad_norm_(
  parameters: PlacedParameter | Iterable<PlacedParameter>,
  max_norm: number,
  options?: ClipGradNormOptions,
): PlacedNorm;
export function clip_grad_norm_(
  parameters: AnyParameter | Iterable<AnyParameter>,
  max_norm: number,
  options: ClipGradNormOptions = {},
): number | PlacedNorm {
  const { norm_type, error_if_nonfinite } = resolve(OPTIONS, options);
  const limit = checked("clip_grad_norm_: max_norm", BOUND, max_norm);
  const { grads, place } = gradients_of("clip_grad_norm_", parameters);
  if (place?.clip_grad_norm) {
    if (error_if_nonfinite) {
      throw new Error("clip_grad_norm_: error_if_nonfinite must be false on a GPU, got true");
    }
    return place.clip_grad_norm(grads, limit, norm_type);
  }
  const round = grads.every(is_float32) ? Math.fround : identity;
  const total = round(norm(grads.map(norm_in(norm_type)), norm_type));
  if (error_if_nonfinite && !Number.isFinite(total)) {
    throw new Error(`clip_grad_norm_: the total norm must be finite, got ${total}`);
  }
  // PyTorch divides a number by a tensor as the tensor's reciprocal times the number.
  const factor = round(round(1 / round(total + 1e-6)) * limit);
  if (factor >= 1) return total;
  for (const grad of grads) {
    scale(grad.length, grad, is_float32(grad) ? Math.fround(factor) : factor);
  }
  return total;
}

/**
 * Limits every number of the gradients, in place, to the range from `-clip_value` to `clip_value`.
 * NaN stays.
 *
 * Source: `torch.nn.utils.clip_grad_value_`.
 *
 * @param parameters - One parameter or several; those without a gradient are passed over.
 * @param clip_value - At least 0.
 * @throws TypeError or RangeError that names the argument; nothing has changed then.
 * @example
 * ```ts
 * torch.nn.utils.clip_grad_value_(params, 0.5);
 * ```
 */
export function clip_grad_value_(
  parameters: AnyParameter | Iterable<AnyParameter>,
  clip_value: number,
): void {
  const bound = checked("clip_grad_value_: clip_value", BOUND, clip_value);
  const { grads, place } = gradients_of("clip_grad_value_", parameters);
  if (place?.clip_grad_value) place.clip_grad_value(grads, bound);
  else for (const grad of grads) clamp(grad.length, grad, bound);
}

/** The gradients that there are, and the place where they stand if that is not JavaScript's memory. */
function gradients_of(owner: string, parameters: unknown) {
  const expected = "a parameter { data, grad } or a list of them";
  const list = is_parameter(parameters) ? [parameters] : parameters;
  if (!is_iterable(list)) return refuse(`${owner}: parameters`, expected, list);
  const grads: Numbers[] = [];
  const places = new Set<Place | undefined>();
  for (const [i, param] of [...list].entries()) {
    if (!is_parameter(param)) refuse(`${owner}: parameter ${i}`, "{ data, grad }", param);
    const { grad, place } = param;
    places.add(place);
    if (places.size > 1) {
      throw new Error(`${owner}: parameter ${i} must stand where those before it do`);
    }
    place?.check(`${owner}: parameter ${i}`, param);
    if (grad === null) continue;
    if (!place) check_grad(`${owner}: grad of parameter ${i}`, grad, param.data.length);
    grads.push(grad);
  }
  const [place] = places;
  return { grads, place };
}

function is_iterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function identity(x: number): number {
  return x;
}

function norm_in(order: number) {
  return (values: Numbers) =>
    is_float32(values) ? Math.fround(norm(values, order)) : norm(values, order);
}

function norm(values: Numbers, order: number): number {
  const n = values.length;
  if (order === Infinity) return max_abs(n, values);
  if (order === 1) return sum_abs(n, values);
  if (order === 2) return Math.sqrt(dot(n, values, values));
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.abs(values[i]) ** order;
  return sum ** (1 / order);
}
