import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import type { Series } from "./curve.ts";
import { Refusal } from "./refusal.ts";

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export type Scale = ScaleContinuousNumeric<number, number>;

/** From 0 to 1 over the epochs. */
export function epochScale(epochs: number): Scale {
  return scaleLinear([0, Math.max(1, epochs - 1)], [0, 1]);
}

/** From 0 to 1 over the learning rates, from round number to round number. */
export function lrScale(series: readonly Series[], log: boolean): Scale {
  const lrs = series.flatMap((one) => one.lrs);
  const max = lrs.reduce((a, b) => Math.max(a, b), 0);
  if (!log) return scaleLinear([0, max || 1], [0, 1]).nice();
  const min = lrs.filter((lr) => lr > 0).reduce((a, b) => Math.min(a, b), Infinity);
  if (min === Infinity) throw new Refusal("--log cannot show an lr that is never above 0");
  // Where there is one lr, what has none lies below it.
  return scaleLog([min < max ? min : max / 10, max], [0, 1])
    .nice()
    .clamp(true);
}

export function epochTicks(scale: Scale, count: number): Tick[] {
  const [, last] = scale.domain();
  const label = last < 10_000 ? String : scale.tickFormat(count, "~s");
  return scale
    .ticks(count)
    .filter(Number.isInteger)
    .map((value) => ({ value, label: value === 0 ? "0" : label(value) }));
}

export function lrTicks(scale: Scale, count: number, log: boolean): Tick[] {
  const [, max] = scale.domain();
  const ticks = scale.ticks(count);
  if (!log) {
    const label = max < 1e-3 ? shortLr : scale.tickFormat(count);
    return ticks.map((value) => ({ value, label: label(value) }));
  }
  const powers = ticks.filter((value) => Number.isInteger(Number(Math.log10(value).toFixed(9))));
  const apart = Math.ceil(powers.length / count);
  return powers
    .filter((_, i) => (powers.length - 1 - i) % apart === 0)
    .map((value) => ({ value, label: shortLr(value) }));
}

/** At most six digits: `0.1`, `0.0333333`, `2e-6`. */
export function shortLr(lr: number): string {
  const rounded = Number(lr.toPrecision(6));
  return rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
}
