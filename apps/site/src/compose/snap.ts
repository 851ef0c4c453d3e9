import type { Counted } from "./lengths.ts";

/** How far apart, in pixels, the epochs are to which a boundary goes. */
const LEAST_PIXELS = 5;

/**
 * The round epoch that is meant by a place on the track: a whole share where lengths are shares, else
 * the nearest of as round numbers as can be told apart.
 *
 * @param pixels - How wide an epoch is.
 */
export function snapped(epoch: number, pixels: number, written: unknown, counted: Counted): number {
  const { total } = counted;
  const isShare = typeof written === "string" && written.endsWith("%");
  if (isShare && total !== undefined && (total / 100) * pixels >= 1) {
    return Math.round((Math.round((epoch * 100) / total) * total) / 100);
  }
  const unit = roundAtLeast(LEAST_PIXELS / pixels);
  return Math.round(epoch / unit) * unit;
}

/** The smallest of 1, 2, 5, 10, 20, … that is so large. */
function roundAtLeast(least: number): number {
  for (let decade = 1; ; decade *= 10) {
    const fit = [1, 2, 5].find((unit) => unit * decade >= least);
    if (fit !== undefined || decade > least) return (fit ?? 1) * decade;
  }
}
