import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export type Scale = ScaleContinuousNumeric<number, number>;

/** What is so many times smaller than the largest value is what rounding has left of 0. */
const ROUNDING = 1e-15;
/** From how many epochs on their numbers are written with k and M. */
const MANY = 10_000;
/** Decades from this one to its inverse are written in full. */
const LOWEST_IN_FULL = 1e-3;

/** From 0 to 1 over epochs, each of which lasts until the next one. */
export function epochScale(epochs: number): Scale {
  return scaleLinear([0, epochs], [0, 1]);
}

/** From 0 to 1 over values, and over 0 unless that is left out, from round number to round number. */
export function valueScale(values: readonly number[], { log = false, zero = true } = {}): Scale {
  const max = values.reduce((a, b) => Math.max(a, b), zero ? 0 : values[0]);
  if (log && max > 0) return logScale(values, max);
  const min = values.reduce((a, b) => Math.min(a, b), zero ? 0 : values[0]);
  const around = min < max ? 0 : Math.abs(max) / 10 || 1;
  return scaleLinear([zero ? min : min - around, max + around], [0, 1]).nice();
}

function logScale(values: readonly number[], max: number): Scale {
  const min = values.reduce((a, b) => (b > max * ROUNDING ? Math.min(a, b) : a), max);
  // Where there is one value alone, what has none lies below it.
  return scaleLog([min < max ? min : max / 10, max], [0, 1])
    .nice()
    .clamp(true);
}

/**
 * Round epochs and the end of the axis, as many as have room.
 *
 * @param length - How long the axis is, in the units of `measure`.
 */
export function epochTicks(
  epochs: number,
  length: number,
  measure: (label: string) => number,
): Tick[] {
  const scale = scaleLinear([0, epochs], [0, length]);
  const tick = (value: number): Tick => ({ value, label: epochLabel(value, epochs) });
  const reach = ({ label }: Tick) => measure(label) / 2;
  const gap = measure("00");
  const end = tick(epochs);
  for (let count = 10; count > 0; count--) {
    const round = scale
      .ticks(count)
      .filter(Number.isInteger)
      .map(tick)
      .filter((each) => scale(each.value) + reach(each) + gap <= length - measure(end.label));
    const areApart = round.every(
      (each, i) =>
        i === 0 ||
        scale(round[i - 1].value) + reach(round[i - 1]) + gap <= scale(each.value) - reach(each),
    );
    if (areApart) return [...round, end];
  }
  return [end];
}

function epochLabel(epoch: number, epochs: number): string {
  if (epochs < MANY || epoch === 0) return String(epoch);
  const [unit, size] = epochs < 1e6 ? ["k", 1e3] : ["M", 1e6];
  return `${epoch / size}${unit}`;
}

/** Round values on a linear axis, every decade on a logarithmic one as far as `most` allow. */
export function valueTicks(scale: Scale, count: number, most: number): Tick[] {
  if (isLog(scale)) return decades(scale, most);
  const ticks = scale.ticks(count);
  const [lowest, highest] = scale.domain();
  const largest = Math.max(Math.abs(lowest), Math.abs(highest));
  const label = largest < 1e-3 || largest >= 1e6 ? shortNumber : scale.tickFormat(count);
  return ticks.map((value) => ({ value, label: label(value) }));
}

export function isLog(scale: Scale): boolean {
  return "base" in scale;
}

function decades(scale: Scale, most: number): Tick[] {
  const [low, high] = scale.domain().map((value) => Math.round(Math.log10(value)));
  const apart = Math.ceil((high - low + 1) / most);
  const isShort = 10 ** low >= LOWEST_IN_FULL * 0.99 && 10 ** high <= 1.01 / LOWEST_IN_FULL;
  const ticks: Tick[] = [];
  for (let power = high; power >= low; power -= apart) {
    const value = Number(`1e${power}`);
    ticks.unshift({ value, label: isShort ? String(value) : `1e${power}` });
  }
  return ticks;
}

/** At most six digits: `0.1`, `0.0333333`, `2e-6`. */
export function shortNumber(value: number): string {
  const rounded = Number(value.toPrecision(6));
  const isPlain = rounded === 0 || (Math.abs(rounded) >= 1e-3 && Math.abs(rounded) < 1e6);
  return isPlain ? String(rounded) : rounded.toExponential().replace("e+", "e");
}
