import type { SchedulerSpec } from "torch-optim/lr_scheduler";
import { courseOf } from "../chart/course.ts";
import type { Plan } from "../studio/plan.ts";
import { optionsOf } from "./controls.ts";
import { membersOf } from "./parts.ts";

const NAME = /[A-Za-z_]\w*/g;
const DIGITS = 4;

/**
 * What a scheduler's page says of it, in the numbers of a plan; at an epoch, if one is looked at. Of a
 * sequence and a chain it is what they make of the schedulers inside them.
 */
export function inNumbers(formula: string, type: string, plan: Plan, epoch?: number): string {
  const { spec } = plan;
  if (spec.type === "SequentialLR" && type === spec.type) return lawOf(plan, epoch);
  if (spec.type === "ChainedScheduler" && type === spec.type) return productOf(plan, epoch);
  const written = find(spec, type);
  if (!written || formula === "") return "";
  const values = { base_lr: plan.lr, ...optionsOf(written) };
  const numbers = formula.replace(NAME, (name) => inFormula(values, name) ?? name);
  if (epoch === undefined || written !== spec) return numbers;
  return `${numbers.replace(/\bt\b/g, String(epoch))} = ${shown(valueAt(plan, epoch))}`;
}

function inFormula(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (typeof value !== "number") return undefined;
  return value < 0 ? `(${value})` : String(value);
}

/** The first scheduler of a class in a spec. */
function find(spec: Plan["spec"], type: string): SchedulerSpec | undefined {
  if (spec.type === "Recipe") return undefined;
  if (spec.type === type) return spec;
  for (const child of membersOf(spec)) {
    const found = find(child, type);
    if (found) return found;
  }
  return undefined;
}

/** What a sequence gives at an epoch: what one of its phases gives at its local epoch. */
function lawOf(plan: Plan, epoch?: number): string {
  if (plan.spec.type !== "SequentialLR") return "";
  const { milestones, schedulers } = plan.spec;
  const ends = milestones.filter((end) => typeof end === "number");
  const at = epoch ?? ends[0] + 1;
  const phase = ends.filter((end) => end <= at).length;
  const local = at - (phase === 0 ? 0 : ends[phase - 1]);
  const { type } = schedulers[phase];
  return `lr(${at}) = lr of phase ${phase} at local epoch ${local} = ${type} alone at epoch ${local} = ${shown(valueAt({ ...plan, spec: schedulers[phase] }, local))}`;
}

/** What a chain gives at an epoch: the base lr times the factor of each member. */
function productOf(plan: Plan, epoch = Math.floor(courseOf(plan).length / 3)): string {
  const total = courseOf(plan).length;
  const factors = membersOf(plan.spec).map(
    (spec) => valueAt({ ...plan, spec, total }, epoch) / plan.lr,
  );
  const product = [plan.lr, ...factors].map(shown).join(" · ");
  return `lr(${epoch}) = ${product} = ${shown(valueAt(plan, epoch))}`;
}

function valueAt(plan: Plan, epoch: number): number {
  return courseOf(plan).series[0].at(epoch);
}

function shown(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
