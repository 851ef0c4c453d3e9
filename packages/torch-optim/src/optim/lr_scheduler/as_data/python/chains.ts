import type { SoundSpec } from "../check_spec.ts";
import { is_own } from "../registry.ts";
import { is_of_this_library, is_of_transformers } from "./factors.ts";

/** The schedulers that set the lr outright, whatever their neighbours in a chain made of it. */
const OUTRIGHT = new Set([
  "CosineAnnealingWarmRestarts",
  "CyclicLR",
  "KeyframesLR",
  "OneCycleLR",
  "SWALR",
]);

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
  const is_outright = (member: SoundSpec) =>
    has_own_curve(member) || is_of_this_library(member.type);
  return members.length > 1 && members.some(is_outright);
}

/** Whether it does not take the lr of an epoch to that of the next, but has a curve of its own. */
function has_own_curve(spec: SoundSpec): boolean {
  const { type, factor, start_factor, end_factor, total_iters } = spec;
  if (type === "SequentialLR" || OUTRIGHT.has(type) || is_of_transformers(type)) return true;
  switch (type) {
    case "ConstantLR":
      return factor === 0 && total_iters !== 0;
    case "LinearLR":
      return start_factor === 0 && end_factor !== 0 && total_iters !== 0;
    case "RampLR":
      return end_factor === 0 || (start_factor === 0 && total_iters !== 0);
    default:
      return is_own(type);
  }
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
