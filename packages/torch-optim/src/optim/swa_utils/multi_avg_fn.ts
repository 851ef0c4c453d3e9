import { checked, number } from "../../fields.ts";
import { type Numbers, place_of } from "../../parameter.ts";
import type { Kernel, Place } from "../../place.ts";
import { lerp } from "../compiled_kernels/vectors.ts";

/**
 * Takes averages, one list of numbers for each parameter, on by the parameters' values, in place.
 * `n_averaged` values were averaged before.
 */
export type MultiAvgFn = (
  averages: readonly Numbers[],
  current: readonly Numbers[],
  n_averaged: number,
) => void;

const DECAY = number({ min: 0, max: 1, default: 0.999 });

/**
 * Gives the function of an exponential moving average: `a ← decay · a + (1 - decay) · p`.
 *
 * Source: `torch.optim.swa_utils.get_ema_multi_avg_fn`.
 *
 * @param decay - From 0 to 1. Default 0.999.
 * @throws RangeError or TypeError for another decay.
 * @example
 * ```ts
 * const multi_avg_fn = torch.optim.swa_utils.get_ema_multi_avg_fn(0.99);
 * const averaged = new torch.optim.swa_utils.AveragedModel(params, { multi_avg_fn });
 * ```
 */
export function get_ema_multi_avg_fn(decay = 0.999): MultiAvgFn {
  const weight = 1 - checked("get_ema_multi_avg_fn: decay", DECAY, decay);
  return (averages, current) => lerp_all(averages, current, weight);
}

/**
 * Gives the function of an equal average, `a ← a + (p - a) / (n_averaged + 1)`, with the share of
 * a value in float32, whatever the parameters are in, as PyTorch has it.
 *
 * Source: `torch.optim.swa_utils.get_swa_multi_avg_fn`.
 *
 * @example
 * ```ts
 * const multi_avg_fn = torch.optim.swa_utils.get_swa_multi_avg_fn();
 * const averaged = new torch.optim.swa_utils.AveragedModel(params, { multi_avg_fn });
 * ```
 */
export function get_swa_multi_avg_fn(): MultiAvgFn {
  return (averages, current, n_averaged) =>
    lerp_all(averages, current, Math.fround(1 / (n_averaged + 1)));
}

function lerp_all(averages: readonly Numbers[], current: readonly Numbers[], weight: number): void {
  for (const [i, own] of averages.entries()) {
    place_of(own as { place?: Place }).run(LERP, [own, current[i]], [weight]);
  }
}

/** What brings averages nearer to values, wherever both stand. */
const LERP: Kernel = {
  name: "lerp",
  run(arrays, [weight]) {
    const [own, value] = arrays;
    lerp(own.length, own, value, weight);
    return arrays;
  },
};
