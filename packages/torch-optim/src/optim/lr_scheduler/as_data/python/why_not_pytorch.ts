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
 * Why PyTorch, or `transformers`, does not give what a spec says, at every epoch and for any parameter
 * groups; nothing where it does. The package for Python decides by the same rules what it builds.
 */
export function why_not_pytorch(spec: SoundSpec): string | undefined {
  const { type, schedulers, milestones = [], starts } = spec;
  if (schedulers === undefined) return why_not_alone(spec);
  const is_sequence = type === "SequentialLR";
  if (starts?.some((start) => start > 0)) return "PyTorch's SequentialLR has no starts.";
  if (milestones[0] === 0) return "PyTorch's SequentialLR goes wrong with a milestone at 0.";
  for (const child of schedulers) {
    const reason = child.schedulers ? undefined : why_not_alone(child);
    if (reason) return reason;
    if ((is_sequence ? PHASES : CHAINABLE).includes(child.type)) continue;
    return is_sequence
      ? `PyTorch's SequentialLR goes wrong with ${child.type} as a phase.`
      : `PyTorch's ChainedScheduler goes wrong with ${child.type} as a member.`;
  }
  return undefined;
}

function why_not_alone({ type, ...options }: SoundSpec): string | undefined {
  const { start_factor, factor, total_iters, eta_min, min_lr } = options;
  if (total_iters === 0 && (type === "LinearLR" || type === "ConstantLR")) {
    return `PyTorch's ${type} fails with total_iters=0, or keeps its first factor.`;
  }
  if (type === "LinearLR" && start_factor === 0) {
    return "PyTorch's LinearLR refuses to start at 0.";
  }
  if (type === "ConstantLR" && factor === 0) {
    return "PyTorch's ConstantLR fails where a factor of 0 ends.";
  }
  const is_min_lr = type.startsWith("CosineWithMinLR") && typeof min_lr === "number";
  if (is_min_lr || type === "PolynomialDecayScheduleWithWarmup") {
    return "transformers takes the lowest lr as a share of the optimizer's default lr.";
  }
  // One for each parameter group.
  if (Array.isArray(eta_min)) return "PyTorch takes one eta_min for all parameter groups.";
  return entry_of(type)?.home === "torch-optim" ? `PyTorch has no ${type}.` : undefined;
}

/** Whether a class of the user's own is in it, which the package for Python does not know. */
export function has_own_class({ type, schedulers = [] }: SoundSpec): boolean {
  return is_own(type) || schedulers.some(has_own_class);
}
