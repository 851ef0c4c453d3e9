/** A schedule of which PyTorch makes something else. */
export interface Example {
  /** In the short form. */
  readonly spec: string;
  readonly lr: number;
  readonly epochs: number;
}

/** A schedule of `transformers` in a chain, where PyTorch has it wipe out its neighbour. */
const chained = (schedule: string): readonly Example[] => [
  { spec: `${schedule} + step(step_size=25, gamma=0.5)`, lr: 1, epochs: 100 },
];

/** For the page of a class: small schedules that show where PyTorch does something else with it. */
export const examplesWherePyTorchDiffers: Readonly<Record<string, readonly Example[]>> = {
  SequentialLR: [
    { spec: "(linear:5 > exp(gamma=0.9)):15 > constant:5(factor=0.5)", lr: 1, epochs: 25 },
    {
      spec: "constant:5(factor=0.1) > (step(step_size=5, gamma=0.5) + exp(gamma=0.95))",
      lr: 1,
      epochs: 30,
    },
  ],
  ChainedScheduler: [
    { spec: "restarts:10 + step(step_size=10, gamma=0.5)", lr: 1, epochs: 40 },
    {
      spec: "exp(gamma=0.97) + (constant:10(factor=0.5) > step(step_size=10, gamma=0.5))",
      lr: 1,
      epochs: 40,
    },
  ],
  LinearLR: [{ spec: "linear:0(start_factor=0.1)", lr: 1, epochs: 10 }],
  ConstantLR: [{ spec: "constant:0(factor=0.1)", lr: 1, epochs: 10 }],
  CosineAnnealingWarmRestarts: [
    { spec: "restarts:10(T_mult=2) + exp(gamma=0.97)", lr: 1, epochs: 70 },
  ],
  CyclicLR: [
    {
      spec: "cyclic:16(base_lr=0.1, max_lr=0.4, step_size_up=4) > exp(gamma=0.9)",
      lr: 1,
      epochs: 32,
    },
  ],
  OneCycleLR: [{ spec: "linear:10(start_factor=0.1) > onecycle:40(max_lr=1)", lr: 1, epochs: 50 }],
  ReduceLROnPlateau: [
    { spec: "linear:5(start_factor=0.1) > plateau(patience=3)", lr: 1, epochs: 20 },
  ],
  SWALR: [{ spec: "swa:20(swa_lr=0.5) > swa:20(swa_lr=0.05)", lr: 1, epochs: 40 }],
  ConstantSchedule: chained("ConstantSchedule"),
  ConstantScheduleWithWarmup: chained("ConstantScheduleWithWarmup(num_warmup_steps=10)"),
  LinearScheduleWithWarmup: chained(
    "LinearScheduleWithWarmup(num_warmup_steps=10, num_training_steps=100)",
  ),
  CosineScheduleWithWarmup: chained(
    "CosineScheduleWithWarmup(num_warmup_steps=10, num_training_steps=100)",
  ),
  CosineWithHardRestartsScheduleWithWarmup: chained(
    "CosineWithHardRestartsScheduleWithWarmup(num_warmup_steps=10, num_training_steps=100, num_cycles=3)",
  ),
  CosineWithMinLRScheduleWithWarmup: chained(
    "CosineWithMinLRScheduleWithWarmup(num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.2)",
  ),
  CosineWithMinLRScheduleWithWarmupLRRate: chained(
    "CosineWithMinLRScheduleWithWarmupLRRate(num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.2)",
  ),
  PolynomialDecayScheduleWithWarmup: chained(
    "PolynomialDecayScheduleWithWarmup(num_warmup_steps=10, num_training_steps=100)",
  ),
  InverseSqrtSchedule: chained("InverseSqrtSchedule(num_warmup_steps=10)"),
  WSDSchedule: chained("WSDSchedule(num_warmup_steps=10, num_stable_steps=50, num_decay_steps=40)"),
};
