import { type Spec, spec_length, stretch_spec } from "torch-optim/lr_scheduler";
import { type Plan, resolvedSpec } from "../studio/plan.ts";
import type { Pin } from "../studio/studio.ts";
import type { Entrant } from "./messages.ts";
import { type Settings, stepsOf } from "./settings.ts";

/** A schedule that is tried, with the name under which its results are shown. */
export interface Named extends Entrant {
  readonly name: string;
}

/** An lr that never changes. */
const CONSTANT: Spec = { type: "ConstantLR", factor: 1, total_iters: 0 };

/**
 * Those that are tried: the plan, and the rival that was chosen.
 *
 * @param lr - That of the plan, and of every recipe, whose own values are factors.
 * @throws SpecError if a schedule is unsound.
 */
export function entrantsOf(
  plan: Plan,
  lr: number,
  pins: readonly Pin[],
  settings: Settings,
): Named[] {
  const { rival, isStretched } = settings;
  const steps = stepsOf(settings);
  const specOf = (own: Plan) => (isStretched ? fitted(own, steps) : resolvedSpec(own));
  const entrants: Named[] = [{ name: "the plan", spec: specOf(plan), lr }];
  if (rival === "constant") entrants.push({ name: "a constant lr", spec: CONSTANT, lr });
  else if (rival !== "none" && pins[rival]) {
    const { name, plan: own } = pins[rival];
    entrants.push({ name, spec: specOf(own), lr: own.spec.type === "Recipe" ? lr : own.lr });
  }
  return entrants;
}

/** How long a sound plan is, where something says it. */
export function lengthOf(plan: Plan): number | undefined {
  return plan.total ?? spec_length(resolvedSpec(plan));
}

/** A plan's spec, stretched so that the whole plan takes so many steps; one of no length stays as it is. */
export function fitted(plan: Plan, steps: number): Spec {
  const spec = resolvedSpec(plan);
  const own = spec_length(spec);
  if (!own) return spec;
  const total = Math.max(1, Math.round((steps * own) / (plan.total ?? own)));
  return total === own ? spec : stretch_spec(spec, { total });
}
