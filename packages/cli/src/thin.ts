/** A value of a curve, with its epoch. */
export type Point = readonly [epoch: number, value: number];

/**
 * The points of a curve that a drawing of `places` columns can show: all if they are few, otherwise
 * the first, the lowest, the highest and the last of each column.
 */
export function thin(values: ArrayLike<number>, places: number): Point[] {
  const width = Math.max(1, Math.floor(values.length / places));
  if (width <= 2) return Array.from(values, (value, epoch) => [epoch, value]);
  const points: Point[] = [];
  for (let start = 0; start < values.length; start += width) {
    const end = Math.min(start + width, values.length);
    let low = start;
    let high = start;
    for (let epoch = start; epoch < end; epoch++) {
      if (values[epoch] < values[low]) low = epoch;
      if (values[epoch] > values[high]) high = epoch;
    }
    const kept = new Set([start, Math.min(low, high), Math.max(low, high), end - 1]);
    for (const epoch of kept) points.push([epoch, values[epoch]]);
  }
  return points;
}
