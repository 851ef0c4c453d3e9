import { type Plan, problemsOf } from "../studio/plan.ts";

const known = new WeakMap<Plan, string | undefined>();

/** What is wrong with a plan, in a sentence; undefined if it is sound. Each plan is looked at once. */
export function problemOf(plan: Plan): string | undefined {
  if (!known.has(plan)) known.set(plan, problemsOf(plan)[0]?.message);
  return known.get(plan);
}
