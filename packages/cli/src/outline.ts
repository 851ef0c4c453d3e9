import { jumpsAfter } from "./jumps.ts";
import { type Point, thin } from "./thin.ts";

/**
 * The corners of a curve's line in a drawing of `places` columns. Where the curve jumps the line goes
 * on to the next epoch and then upright, and where it ends level it fills its last epoch.
 *
 * @param heights - The values as they are drawn: on a logarithmic axis a jump is another.
 */
export function outline(heights: readonly number[], places: number): Point[] {
  const points = thin(heights, places);
  const last = heights.length - 1;
  const corners =
    points.length < heights.length
      ? points
      : points.flatMap(([epoch, height]): Point[] =>
          jumpsAfter(epoch, heights)
            ? [
                [epoch, height],
                [epoch + 1, height],
              ]
            : [[epoch, height]],
        );
  const isLevel = heights[last] === heights[last - 1];
  return isLevel ? [...corners, [last + 1, heights[last]]] : corners;
}
