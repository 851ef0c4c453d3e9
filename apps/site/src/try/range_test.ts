import type { Entrant, Row, Setup } from "./messages.ts";
import { centred } from "./smooth.ts";

/** From which lr to which one it goes, and in how many batches. */
export const RANGE = { from: 1e-5, to: 10, batches: 100 };
/** What the loss must fall by, as a share of its first value, to be called falling. */
const LEAST_FALL = 0.05;

/** What came of an lr. */
export interface Tried {
  readonly lr: number;
  readonly loss: number;
  /** The loss with those of its neighbours. */
  readonly smooth: number;
}

/** A training whose lr rises by the same factor at each batch. */
export function rangeTest(setup: Setup): { setup: Setup; entrants: Entrant[] } {
  const { from, to, batches } = RANGE;
  const gamma = (to / from) ** (1 / (batches - 1));
  return {
    // It ends by the number of batches; no epoch has fewer than one.
    setup: { ...setup, step: "batch", epochs: batches, batches },
    entrants: [{ spec: { type: "ExponentialLR", gamma }, lr: from }],
  };
}

/** What came of each lr, with the losses smoothed. */
export function triedIn(rows: readonly Row[]): Tried[] {
  const smooth = centred(rows.map(({ loss }) => loss));
  return rows.map(({ lr, loss }, i) => ({ lr, loss, smooth: smooth[i] }));
}

/**
 * Where the loss falls most steeply over the logarithm of the lr, before it is smallest. Undefined where
 * it hardly falls at all.
 */
export function steepest(tried: readonly Tried[]): Tried | undefined {
  const lowest = tried.reduce((low, { smooth }, i) => (smooth < tried[low].smooth ? i : low), 0);
  if (tried.length < 3 || tried[lowest].smooth > (1 - LEAST_FALL) * tried[0].smooth)
    return undefined;
  let best = 1;
  // Each lr is the one before times the same, so slopes compare as differences do.
  const fall = (i: number) => tried[i - 1].smooth - tried[Math.min(i + 1, tried.length - 1)].smooth;
  for (let i = 1; i <= lowest; i++) if (fall(i) > fall(best)) best = i;
  return tried[best];
}
