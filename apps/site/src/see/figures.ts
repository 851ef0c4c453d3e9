/** What decides between schedules, as numbers. */
export interface Figures {
  readonly peak: number;
  /** The first epoch with the peak. */
  readonly peakAt: number;
  /** The sum of the values over all epochs: how far the parameters can go. */
  readonly area: number;
  /** The share of the epochs whose value is above half the peak. */
  readonly aboveHalf: number;
}

/** By as much of itself a peak is exceeded by rounding. */
const HAIR = 1e-9;

/**
 * The figures of a curve.
 *
 * @param epochs - Those of the values, in their order: between them the curve goes straight. If they are
 *   left out, the values are those of every epoch, and the figures exact.
 */
export function figuresOf(values: ArrayLike<number>, epochs?: ArrayLike<number>): Figures {
  const epochOf = (i: number) => epochs?.[i] ?? i;
  let peak = Number.NEGATIVE_INFINITY;
  let peakAt = 0;
  let higher = peak;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > higher) {
      peak = values[i];
      higher = peak + HAIR * Math.abs(peak);
      peakAt = epochOf(i);
    }
  }
  let area = 0;
  let above = 0;
  let known = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const isLast = i + 1 === values.length;
    const next = isLast ? value : values[i + 1];
    if (!Number.isFinite(value) || !Number.isFinite(next)) continue;
    const between = isLast ? 0 : epochOf(i + 1) - epochOf(i) - 1;
    area += value + (between * (value + next)) / 2;
    above += Number(value > peak / 2) + between * shareAbove(peak / 2, value, next);
    known += 1 + between;
  }
  return { peak, peakAt, area, aboveHalf: known === 0 ? 0 : above / known };
}

/** How much of the way from one value to another lies above a third. */
function shareAbove(limit: number, from: number, to: number): number {
  const [low, high] = from < to ? [from, to] : [to, from];
  if (low > limit) return 1;
  return high > limit ? (high - limit) / (high - low) : 0;
}
