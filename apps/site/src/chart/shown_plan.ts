import type { Plan } from "../studio/plan.ts";

/** A sound plan in a chart, and how it is drawn there. */
export interface ShownPlan {
  /** It is told from the others by that. */
  readonly name: string;
  readonly plan: Plan;
  readonly isDashed?: boolean;
  readonly isFaint?: boolean;
}
