import type { FloatArray } from "../parameter.ts";

/** A point on the line of a search. */
export interface Point {
  /** How far along the direction it is. */
  t: number;
  loss: number;
  /** The loss's derivative along the direction. */
  slope: number;
  /** The gradient there. */
  readonly grad: FloatArray;
}

/** The line of a search. */
export interface Line {
  /** Computes everything of a point at `t`. */
  evaluate(point: Point, t: number): void;
}

/** How much of the first slope the loss must have fallen by, and what may be left of the slope. */
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;

/**
 * A step length that meets the strong Wolfe conditions: the loss falls by at least a share of what
 * the slope at the start promises, and the slope has flattened. First it goes on until a bracket
 * holds such a point, then it narrows the bracket by cubic interpolation, or in halves where the loss
 * is infinite at one of its ends.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6; the rules of
 * detail are those of `torch.optim.LBFGS`.
 *
 * @param points - The start, evaluated, and two to work with; all three are overwritten.
 * @param t - The first step length tried.
 * @param max_steps - How many more may be tried.
 * @param least_width - A bracket that is narrower ends the search.
 * @returns The point found, one of the three; the best one seen if none meets the conditions.
 */
export function strong_wolfe(
  line: Line,
  [start, second, third]: readonly [Point, Point, Point],
  t: number,
  max_steps: number,
  least_width: number,
): Point {
  const { loss, slope } = start;
  let previous = start;
  let current = second;
  let steps = 0;
  line.evaluate(current, t);
  while (steps < max_steps) {
    if (is_too_high(current, loss, slope) || (steps > 1 && current.loss >= previous.loss)) break;
    if (is_flat(current, slope)) return current;
    if (current.slope >= 0) break;
    const nearest = current.t + 0.01 * (current.t - previous.t);
    const next = cubic_minimum(previous, current, nearest, 10 * current.t);
    const free = previous === start ? third : previous;
    previous = current;
    current = free;
    line.evaluate(current, next);
    steps++;
  }
  if (steps === max_steps) return start.loss <= current.loss ? start : current;
  const free = previous === start ? third : start;
  return zoom(line, previous, current, free, loss, slope, max_steps - steps, least_width);
}

/** Narrows the bracket between two points; `loss` and `slope` are the search's start. */
function zoom(
  line: Line,
  first: Point,
  second: Point,
  free: Point,
  loss: number,
  slope: number,
  max_steps: number,
  least_width: number,
): Point {
  let low = first.loss <= second.loss ? first : second;
  let was_near_end = false;
  for (let steps = 0; steps < max_steps; steps++) {
    const left = Math.min(first.t, second.t);
    const right = Math.max(first.t, second.t);
    if (right - left < least_width) break;
    let t = cubic_minimum(first, second, left, right);
    // A trial near an end twice in a row, or on it, is moved inwards, so that the bracket shrinks.
    const margin = 0.1 * (right - left);
    const is_near_end = Math.min(right - t, t - left) < margin;
    const is_moved: boolean = is_near_end && (was_near_end || t >= right || t <= left);
    if (is_moved) t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
    was_near_end = is_near_end && !is_moved;

    const trial = free;
    line.evaluate(trial, t);
    const high = low === first ? second : first;
    if (is_too_high(trial, loss, slope) || trial.loss >= low.loss) {
      if (high === first) first = trial;
      else second = trial;
      free = high;
      low = first.loss <= second.loss ? first : second;
      continue;
    }
    if (is_flat(trial, slope)) return trial;
    // The minimum lies between the trial and the end that its slope falls towards.
    const kept = trial.slope * (high.t - low.t) >= 0 ? low : high;
    free = kept === low ? high : low;
    [first, second] = low === first ? [trial, kept] : [kept, trial];
    low = trial;
  }
  return low;
}

/** Whether the loss has not fallen enough; `loss` and `slope` are the search's start. */
function is_too_high(point: Point, loss: number, slope: number): boolean {
  return point.loss > loss + SUFFICIENT_DECREASE * point.t * slope;
}

function is_flat(point: Point, slope: number): boolean {
  return Math.abs(point.slope) <= -CURVATURE * slope;
}

/**
 * Where the cubic through two points with their slopes has its minimum, within limits; the middle
 * of the limits if it has none. Source: Nocedal and Wright, formula 3.59.
 */
function cubic_minimum(a: Point, b: Point, lower: number, upper: number): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0 && square < Infinity)) return (lower + upper) / 2;
  const d2 = Math.sqrt(square);
  const [near, far] = a.t <= b.t ? [a, b] : [b, a];
  const share = (far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2);
  return Math.min(Math.max(far.t - (far.t - near.t) * share, lower), upper);
}
