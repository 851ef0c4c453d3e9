// Writes the specs whose Python code is to be run, each with that code: some that a person would
// write, and random ones. `code.py` runs them.
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import type { SchedulerSpec } from "torch-optim/lr_scheduler";
import { parse_spec, to_python } from "torch-optim/lr_scheduler";
import { writable_tree } from "../packages/torch-optim/test/support/arbitrary.ts";
import { metric_at } from "../packages/torch-optim/test/support/curve.ts";

const STEPS = 30;

const ONE_GROUP = [
  "linear:10 > cosine:90",
  "constant:5(factor=0.1) > step(step_size=10, gamma=0.5)",
  "linear:4 > restarts:8(T_mult=2)",
  "exp(gamma=0.9) + multistep(milestones=[5, 10])",
  "linear:10 > (cosine:90 + exponential(gamma=0.99))",
  "cyclic(base_lr=0.1, max_lr=1, step_size_up=4, mode=exp_range, gamma=0.99)",
  "polynomial:20(power=2)",
  "linear:3 > onecycle:40(max_lr=1)",
  "linear:3 > plateau(patience=1)",
  "GreedyLR(patience=1, factor=0.5, smooth=true, window_size=3)",
  "linear:3 > GreedyLR(patience=1)",
  "(constant:2(factor=0.1) > exp(gamma=0.9)):6 > constant:2(factor=0.5)",
  "exp(gamma=0.9) + (constant:3(factor=0.5) > step(step_size=2, gamma=0.5))",
  "constant:0(total_iters=3) > exp(gamma=0.9)",
  "constant:0(total_iters=3) > linear:4 > step(step_size=2)",
  "restarts:10 + step(step_size=10, gamma=0.5)",
  "step(step_size=10, gamma=0.5) + restarts:10",
  "restarts:4(T_mult=2) + exp(gamma=0.9)",
  "constant:4(factor=0) + exp(gamma=0.9)",
  "linear:8(start_factor=0.1) + LinearScheduleWithWarmup(num_warmup_steps=5, num_training_steps=25)",
  "linear:5 > (restarts:8 + polynomial:20):15 > step(step_size=3)",
  "restarts:6 + (exp(gamma=0.9) + multistep(milestones=[9, 3])) + constant:7(factor=0.5)",
  "(linear:4 > (restarts:3 + linear:6):9 > (exp(gamma=0.9) + linear:0)) + polynomial:28(power=2)",
  "exp(gamma=0.95) + CosineScheduleWithWarmup(num_warmup_steps=5, num_training_steps=40) + CosineWithHardRestartsScheduleWithWarmup(num_warmup_steps=0, num_training_steps=30, num_cycles=3)",
  "restarts:7 + cosine:20",
  "cosine:10 + exp(gamma=0.9) + restarts:7",
  "restarts:5(eta_min=0.1) + exp(gamma=0.9)",
  "linear:0",
  "linear:10 > cosine:10 > linear(end_factor=0.1, total_iters=0)",
  "linear:10 > constant(factor=0.1, total_iters=0)",
  "constant:5(factor=0)",
  "constant:2(factor=0.1) > (step(step_size=3) + cosine:9(eta_min=0.1))",
  "step:6(step_size=2) > swa:5(swa_lr=0.05)",
  "swa:8(swa_lr=0.05, anneal_strategy=linear) > exp(gamma=0.9)",
  "swa:8(swa_lr=0.05) + exp(gamma=0.9)",
  "swa:4(swa_lr=0.5) > swa:4(swa_lr=0.05)",
  "ramp:0(end_factor=0.5)",
  "ramp:5(start_factor=0, end_factor=1, shape=square) > constant:10 > ramp:10(end_factor=0, shape=sqrt)",
  "PolynomialDecayScheduleWithWarmup(num_warmup_steps=5, num_training_steps=5)",
  "linear:5(start_factor=0) > exp:10(gamma=0.9) > ramp:10(end_factor=0.1, shape=exponential)",
  "ramp:6(start_factor=0, end_factor=1, shape=log) + exp(gamma=0.95) + ramp:20(end_factor=0.2, shape=cosine)",
  "keyframes(epochs=[0, 10, 20], factors=[0, 1, 0.1], interpolation=cosine)",
  "exp(gamma=0.95) + keyframes(epochs=[0, 3, 20], factors=[0, 1, 0.1], interpolation=step)",
  "linear:5(start_factor=0) + keyframes(epochs=[0, 7, 20], factors=[1, 0.2, 2])",
  "cosine:9 + ramp:20(end_factor=0.2)",
  "LinearScheduleWithWarmup(num_warmup_steps=5, num_training_steps=20)",
  "CosineWithMinLRScheduleWithWarmup:25(num_warmup_steps=5, num_training_steps=20, min_lr_rate=0.1) > exp(gamma=0.9)",
];

const TWO_GROUPS = [
  "onecycle:40(max_lr=[1, 0.5], anneal_strategy=linear, cycle_momentum=false)",
  "plateau(patience=1, min_lr=[0.01, 0.02])",
  "cosine:20(eta_min=[0.01, 0.02])",
];

const random = fc.sample(writable_tree, { numRuns: 180, seed: 20260103 }) as unknown[];
const trees = random as SchedulerSpec[];

function case_of(spec: SchedulerSpec, groups: readonly number[]) {
  const takes_metrics = /ReduceLROnPlateau|GreedyLR/.test(JSON.stringify(spec));
  return {
    groups,
    optimizer: ["SGD", { lr: groups[0], momentum: 0.9 }],
    spec,
    steps: STEPS,
    code: to_python(spec),
    ...(takes_metrics ? { metrics: Array.from({ length: STEPS }, (_, k) => metric_at(k)) } : {}),
  };
}

const cases = [
  ...ONE_GROUP.map((text) => case_of(parse_spec(text) as SchedulerSpec, [1])),
  ...TWO_GROUPS.map((text) => case_of(parse_spec(text) as SchedulerSpec, [1, 0.3])),
  ...trees.map((spec) => case_of(spec, [1])),
];
writeFileSync(process.argv[2], JSON.stringify(cases));
