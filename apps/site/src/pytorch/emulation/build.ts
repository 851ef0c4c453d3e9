import { describe_schedulers } from "torch-optim/lr_scheduler";
import { ChainedScheduler, SequentialLR } from "./composites.ts";
import { CosineAnnealingLR, CosineAnnealingWarmRestarts } from "./cosines.ts";
import { CyclicLR, OneCycleLR } from "./cycles.ts";
import { ExponentialLR, MultiStepLR, PolynomialLR, StepLR } from "./decays.ts";
import { LambdaLR } from "./lambda_lr.ts";
import type { LRScheduler, Scheduler } from "./lr_scheduler.ts";
import { GreedyLR, ReduceLROnPlateau } from "./metric_schedulers.ts";
import type { Optimizer } from "./optimizer.ts";
import { Options } from "./options.ts";
import { BeyondPyTorch } from "./python_error.ts";
import { ConstantLR, LinearLR } from "./ramps.ts";
import { SWALR } from "./swa_lr.ts";

/** How deep schedulers may stand inside each other, so that no spec makes it run out of stack. */
const DEEPEST = 100;

type Leaf = new (optimizer: Optimizer, options: Options) => LRScheduler;

const LEAVES: ReadonlyMap<unknown, Leaf> = new Map<unknown, Leaf>([
  ["ConstantLR", ConstantLR],
  ["CosineAnnealingLR", CosineAnnealingLR],
  ["CosineAnnealingWarmRestarts", CosineAnnealingWarmRestarts],
  ["CyclicLR", CyclicLR],
  ["ExponentialLR", ExponentialLR],
  ["LinearLR", LinearLR],
  ["MultiStepLR", MultiStepLR],
  ["OneCycleLR", OneCycleLR],
  ["PolynomialLR", PolynomialLR],
  ["StepLR", StepLR],
  ["SWALR", SWALR],
]);

/** What is a `LambdaLR` in Python: `transformers`' schedules, and the library's own schedulers. */
const LAMBDAS: ReadonlySet<unknown> = new Set(
  describe_schedulers()
    .map(({ type }) => type)
    .filter((type) => /Schedule($|With)/.test(type) || type === "RampLR" || type === "KeyframesLR"),
);

/**
 * Builds PyTorch's schedulers of a spec, sound or not, on one optimizer: the children of each before
 * it, in their order.
 *
 * @throws PythonError where PyTorch refuses; BeyondPyTorch where it has nothing for what is said.
 */
export function build(optimizer: Optimizer, spec: unknown, depth = 0): Scheduler {
  if (typeof spec !== "object" || spec === null || depth > DEEPEST) throw new BeyondPyTorch("spec");
  const { type } = spec as { type?: unknown };
  const options = new Options(String(type), spec);
  const children = () => childrenOf(spec).map((child) => build(optimizer, child, depth + 1));
  if (type === "ChainedScheduler") return new ChainedScheduler(children());
  if (type === "SequentialLR") {
    return new SequentialLR(optimizer, children(), options.numbers("milestones"));
  }
  if (type === "ReduceLROnPlateau") return new ReduceLROnPlateau();
  if (type === "GreedyLR") return new GreedyLR();
  if (LAMBDAS.has(type)) return new LambdaLR(optimizer, options, spec);
  const leaf = LEAVES.get(type);
  if (!leaf) throw new BeyondPyTorch(`type ${options.type}`);
  return new leaf(optimizer, options);
}

function childrenOf(spec: object): readonly unknown[] {
  const { schedulers } = spec as { schedulers?: unknown };
  if (!Array.isArray(schedulers)) throw new BeyondPyTorch("schedulers");
  return schedulers;
}
