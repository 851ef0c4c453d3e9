/** A place on the pad: which epoch it is of, and which metric. */
export interface Place {
  readonly epoch: number;
  readonly metric: number;
}

/** As many epochs as are drawn; what comes after keeps the last metric. */
export const MOST_DRAWN = 10_000;
/** What is drawn with a mouse is no more exact than that. */
const DIGITS = 4;

/** Metrics after a stroke of the pen from one place to another; before the first, they are as it is. */
export function withStroke(
  metrics: readonly number[],
  from: Place,
  to: Place,
  length: number,
): number[] {
  const [first, last] = from.epoch <= to.epoch ? [from, to] : [to, from];
  const drawn = Array.from({ length: Math.min(length, MOST_DRAWN) }, (_, epoch) => {
    return metrics[epoch] ?? metrics.at(-1) ?? first.metric;
  });
  const span = Math.max(1, last.epoch - first.epoch);
  for (let epoch = first.epoch; epoch <= Math.min(last.epoch, drawn.length - 1); epoch++) {
    const share = (epoch - first.epoch) / span;
    const metric = first.metric + share * (last.metric - first.metric);
    drawn[epoch] = Number(metric.toPrecision(DIGITS));
  }
  return drawn;
}
