import type { SoundSpec } from "../check_spec.ts";
import { is_own } from "../registry.ts";
import { is_of_transformers } from "./factors.ts";

/** The schedulers that set the lr outright, whatever their neighbours in a chain made of it. */
const OUTRIGHT = new Set(["CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR"]);

/** The schedulers that act together: a chain in a chain counts as its members. */
export function members_of({ schedulers = [] }: SoundSpec): readonly SoundSpec[] {
  return schedulers.flatMap((child) =>
    child.type === "ChainedScheduler" ? members_of(child) : [child],
  );
}

/** Whether it is a chain in which PyTorch loses what some members have made of the lr. */
export function loses_factors(spec: SoundSpec): boolean {
  if (spec.type !== "ChainedScheduler") return false;
  const members = members_of(spec);
  return members.length > 1 && members.some(has_own_curve);
}

/** Whether it does not take the lr of an epoch to that of the next, but has a curve of its own. */
function has_own_curve({ type, factor, total_iters }: SoundSpec): boolean {
  if (type === "SequentialLR" || OUTRIGHT.has(type) || is_of_transformers(type)) return true;
  const leaves_zero = type === "ConstantLR" && factor === 0 && total_iters !== 0;
  return leaves_zero || is_own(type);
}

/**
 * The first epoch, of `length`, at which a chain is no longer the product of its factors: where a
 * cosine has left its minimum, the factors of the members that take the lr on begin anew.
 */
export function end_of_product(chain: SoundSpec, length: number): number | undefined {
  const chainable = members_of(chain).filter((member) => !has_own_curve(member));
  if (chainable.length === 1) return undefined;
  const cosines = chainable.filter(({ type }) => type === "CosineAnnealingLR");
  const end = cosines.reduce((end, { T_max }) => Math.min(end, Number(T_max) + 1), Infinity);
  return end < length ? end : undefined;
}
