import { spec_length, stretch_spec } from "torch-optim/lr_scheduler";
import { type Plan, resolvedSpec } from "../studio/plan.ts";

/**
 * A sound plan, longer or shorter. Shares stay shares if they alone make up its length; otherwise every
 * length becomes a number of steps.
 *
 * @throws SpecError if it has no length, or one that cannot be stretched.
 */
export function stretched(plan: Plan, total: number): Plan {
  const resolved = resolvedSpec(plan);
  const isInSteps = JSON.stringify(resolved) === JSON.stringify(plan.spec);
  const wider = { ...plan, total };
  if (isInSteps) {
    const spec = stretch_spec(plan.spec, { total });
    return plan.total === undefined ? { ...plan, spec } : { ...wider, spec };
  }
  if (spec_length(resolvedSpec(wider)) === total) return wider;
  return { ...wider, spec: stretch_spec(resolved, { total }) };
}
