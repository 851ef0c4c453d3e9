import { GROWING } from "./schedules.ts";
import { startingSplats } from "./splat.ts";
import type { TrainOptions } from "./train.ts";

/** How many times splats are split: eight times as many need eight times, of 30 % each. */
const GROWTHS = 9;

/** How a picture of so many pixels a side is fitted in so many steps. */
export function optionsFor(size: number, steps: number, tellEvery: number): TrainOptions {
  const growEvery = Math.max(1, Math.floor((GROWING * steps) / GROWTHS));
  return { steps, start: startingSplats(size), most: 8 * size, growEvery, tellEvery };
}
