/** One line of a chart: values at some epochs, in their order. */
export interface ChartLine {
  readonly name: string;
  /** Which colour and dashes it has, as in the command line's pictures. */
  readonly style: number;
  readonly epochs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly isDashed?: boolean;
  readonly isFaint?: boolean;
  /** Its exact value at an epoch; without it, what the line has there. */
  readonly at?: (epoch: number) => number | undefined;
}

/** A stretch of epochs with a name; `end` is the first epoch after it. */
export interface ChartPhase {
  readonly name: string;
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** The exact value of a line at an epoch, or the one before it that is known. */
export function valueAt({ epochs, values, at }: ChartLine, epoch: number): number | undefined {
  if (at) return at(epoch);
  let low = 0;
  let high = epochs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (epochs[middle] <= epoch) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : values[low - 1];
}
