import { parse_spec, SpecError, SpecSyntaxError } from "torch-optim/lr_scheduler";
import type { Plan } from "../studio/plan.ts";

/** The attributes of a `<torch-curve>`, as a page has them. */
interface Attributes {
  readonly spec: string;
  readonly lr: string;
  readonly epochs?: string;
  readonly height: string;
}

/** What they say: a sound plan, or what is wrong with them. */
export interface ReadCurve {
  readonly plan?: Plan;
  readonly height?: number;
  readonly mistake?: string;
}

const LEAST_HEIGHT = 120;
const MOST_HEIGHT = 2000;
const MOST_EPOCHS = 10_000_000;

export function readCurve({ spec, lr, epochs, height }: Attributes): ReadCurve {
  if (spec.trim() === "")
    return { mistake: 'spec: what is drawn, such as "linear:10 > cosine:90"' };
  const base = Number(lr);
  if (lr.trim() === "" || !Number.isFinite(base) || base < 0) {
    return { mistake: `lr: must be a number of at least 0, got "${lr}"` };
  }
  const total = epochs === undefined ? undefined : Number(epochs);
  if (total !== undefined && !(Number.isInteger(total) && total >= 1 && total <= MOST_EPOCHS)) {
    return { mistake: `epochs: must be a whole number from 1 to ${MOST_EPOCHS}, got "${epochs}"` };
  }
  const pixels = Number(height);
  if (!(pixels >= LEAST_HEIGHT && pixels <= MOST_HEIGHT)) {
    return {
      mistake: `height: must be pixels from ${LEAST_HEIGHT} to ${MOST_HEIGHT}, got "${height}"`,
    };
  }
  try {
    return { plan: { spec: parse_spec(spec, { total }), lr: base, total }, height: pixels };
  } catch (error) {
    if (error instanceof SpecError || error instanceof SpecSyntaxError) {
      return { mistake: `spec: ${error.message}` };
    }
    throw error;
  }
}
