import type { SchedulerSpec } from "torch-optim/lr_scheduler";

interface Example {
  readonly about: string;
  readonly spec: SchedulerSpec;
}

/** Schedules of 100 epochs that are used again and again, to start from. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  "warmup-cosine": {
    about: "a short linear warm-up, then one cosine down to 0",
    spec: {
      type: "SequentialLR",
      milestones: [10],
      schedulers: [
        { type: "LinearLR", start_factor: 0.01, total_iters: 10 },
        { type: "CosineAnnealingLR", T_max: 90 },
      ],
    },
  },
  "warmup-stable-decay": {
    about: "warm-up, a long stretch at the full lr, then straight down to 0",
    spec: {
      type: "SequentialLR",
      milestones: [10, 70],
      schedulers: [
        { type: "LinearLR", start_factor: 0.01, total_iters: 10 },
        { type: "ConstantLR", factor: 1 },
        { type: "LinearLR", start_factor: 1, end_factor: 0, total_iters: 30 },
      ],
    },
  },
  "warmup-steps": {
    about: "warm-up, then a tenth of the lr after epochs 30, 60 and 80, as for ImageNet",
    spec: {
      type: "SequentialLR",
      milestones: [5],
      schedulers: [
        { type: "LinearLR", start_factor: 0.1, total_iters: 5 },
        { type: "MultiStepLR", milestones: [25, 55, 75] },
      ],
    },
  },
  "warmup-plateau": {
    about: "warm-up, then half the lr whenever the metric stops falling",
    spec: {
      type: "SequentialLR",
      milestones: [5],
      schedulers: [
        { type: "LinearLR", start_factor: 0.1, total_iters: 5 },
        { type: "ReduceLROnPlateau", factor: 0.5, patience: 5 },
      ],
    },
  },
  "warm-restarts": {
    about: "cosines one after another, each twice as long as the one before",
    spec: { type: "CosineAnnealingWarmRestarts", T_0: 14, T_mult: 2 },
  },
  "one-cycle": {
    about: "up to a high lr and far down again, momentum the other way round",
    spec: { type: "OneCycleLR", max_lr: 0.1, total_steps: 100 },
  },
  "damped-restarts": {
    about: "warm-up, then restarts that start lower each time: schedulers inside one another",
    spec: {
      type: "SequentialLR",
      milestones: [10],
      schedulers: [
        { type: "LinearLR", start_factor: 0.01, total_iters: 10 },
        {
          type: "SequentialLR",
          milestones: [30, 60],
          schedulers: [
            { type: "CosineAnnealingLR", T_max: 30 },
            {
              type: "ChainedScheduler",
              schedulers: [
                { type: "ConstantLR", factor: 0.5, total_iters: 100 },
                { type: "CosineAnnealingLR", T_max: 30 },
              ],
            },
            {
              type: "ChainedScheduler",
              schedulers: [
                { type: "ConstantLR", factor: 0.25, total_iters: 100 },
                { type: "CosineAnnealingLR", T_max: 30 },
              ],
            },
          ],
        },
      ],
    },
  },
};
