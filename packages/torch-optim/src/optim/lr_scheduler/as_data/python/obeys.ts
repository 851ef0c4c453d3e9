import type { SoundSpec } from "../check_spec.ts";
import { entry_of, is_own } from "../registry.ts";

/** What takes the lr of an epoch to that of the next, and multiplies with its neighbours. */
const CHAINABLE = [
  "ConstantLR",
  "CosineAnnealingLR",
  "ExponentialLR",
  "LinearLR",
  "MultiStepLR",
  "PolynomialLR",
  "StepLR",
];
const PHASES = [...CHAINABLE, "CosineAnnealingWarmRestarts"];

/**
 * Whether PyTorch, or `transformers`, gives what a spec says, at every epoch and for any parameter
 * groups. Elsewhere stands the package for Python, which decides by the same rules what it builds.
 */
export function obeys(spec: SoundSpec): boolean {
  const { type, schedulers, milestones = [], starts } = spec;
  if (schedulers === undefined) return obeys_alone(spec);
  const allowed = type === "SequentialLR" ? PHASES : CHAINABLE;
  if (!schedulers.every((child) => allowed.includes(child.type) && obeys_alone(child)))
    return false;
  return milestones[0] !== 0 && !starts?.some((start) => start > 0);
}

function obeys_alone({ type, ...options }: SoundSpec): boolean {
  const { start_factor, factor, total_iters, eta_min, min_lr } = options;
  switch (type) {
    case "LinearLR":
      return start_factor !== 0 && total_iters !== 0;
    case "ConstantLR":
      return factor !== 0 && total_iters !== 0;
    // These take their lowest lr as a share of the optimizer's default lr, whatever a group has.
    case "PolynomialDecayScheduleWithWarmup":
      return false;
    case "CosineWithMinLRScheduleWithWarmup":
    case "CosineWithMinLRScheduleWithWarmupLRRate":
      return typeof min_lr !== "number";
    default:
      // PyTorch takes one eta_min for all parameter groups.
      return entry_of(type)?.home !== "torch-optim" && !Array.isArray(eta_min);
  }
}

/** Whether a class of the user's own is in it, which the package for Python does not know. */
export function has_own_class({ type, schedulers = [] }: SoundSpec): boolean {
  return is_own(type) || schedulers.some(has_own_class);
}
