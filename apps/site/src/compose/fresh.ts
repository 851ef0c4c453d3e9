import type { Node } from "./tree.ts";

/** What a new scheduler is made for. */
export interface Wanted {
  /** How many epochs it is to last. */
  readonly epochs: number;
  /** The base value of what it moves. */
  readonly base: number;
  /** The option that it moves. */
  readonly option: string;
  /** Whether nothing comes before it. */
  readonly isFirst: boolean;
}

/** A part that many schedules have, under the name that it has there. */
export interface Part {
  readonly name: string;
  readonly meaning: string;
  /** How much of the whole it usually has. */
  readonly share: number;
  make(wanted: Wanted): Node;
}

const WARMUP_START = 0.01;

export const PARTS: readonly Part[] = [
  {
    name: "Warm-up",
    meaning: "Rises in a straight line to the base lr.",
    share: 0.1,
    make: ({ epochs }) => ({
      type: "LinearLR",
      start_factor: WARMUP_START,
      total_iters: epochs,
    }),
  },
  {
    name: "Hold",
    meaning: "Stays at the base lr.",
    share: 0.3,
    make: ({ epochs }) => ({ type: "ConstantLR", factor: 1, total_iters: epochs }),
  },
  {
    name: "Cosine",
    meaning: "Falls along half a cosine to 0.",
    share: 0.5,
    make: ({ epochs }) => ({ type: "CosineAnnealingLR", T_max: epochs }),
  },
  {
    name: "Cool-down",
    meaning: "Falls in a straight line to 0.",
    share: 0.2,
    make: ({ epochs }) => ({
      type: "LinearLR",
      start_factor: 1,
      end_factor: 0,
      total_iters: epochs,
    }),
  },
];

/** A scheduler of a type, with options with which one sees what it does. */
export function freshNode(type: string, wanted: Wanted): Node {
  return { type, ...OPTIONS[type]?.(wanted) };
}

const withWarmup = ({ epochs }: Wanted) => ({
  num_warmup_steps: part(epochs, 0.1),
  num_training_steps: epochs,
});
const momentumOf = ({ option }: Wanted) => (option === "lr" ? {} : { cycle_momentum: false });

const OPTIONS: Readonly<Record<string, (wanted: Wanted) => object>> = {
  LinearLR: ({ epochs, isFirst }) => ({
    start_factor: isFirst ? WARMUP_START : 1,
    end_factor: isFirst ? 1 : 0,
    total_iters: epochs,
  }),
  ConstantLR: ({ epochs }) => ({ factor: 0.5, total_iters: epochs }),
  PolynomialLR: ({ epochs }) => ({ total_iters: epochs, power: 2 }),
  RampLR: ({ epochs, isFirst }) => ({
    total_iters: epochs,
    start_factor: isFirst ? WARMUP_START : 1,
    end_factor: isFirst ? 1 : WARMUP_START,
    shape: "cosine",
  }),
  KeyframesLR: ({ epochs }) => {
    const end = Math.max(2, epochs);
    return { epochs: [0, part(end, 0.5), end], factors: [1, 0.5, 0.1] };
  },
  StepLR: ({ epochs }) => ({ step_size: part(epochs, 1 / 3), gamma: 0.5 }),
  MultiStepLR: ({ epochs }) => ({ milestones: [part(epochs, 0.5), part(epochs, 0.75)] }),
  ExponentialLR: ({ epochs }) => ({ gamma: gammaFor(epochs) }),
  CosineAnnealingLR: ({ epochs }) => ({ T_max: epochs }),
  CosineAnnealingWarmRestarts: ({ epochs }) => ({ T_0: part(epochs, 1 / 3) }),
  CyclicLR: (wanted) => ({
    base_lr: digits(wanted.base / 10),
    max_lr: wanted.base,
    step_size_up: part(wanted.epochs, 0.25),
    ...momentumOf(wanted),
  }),
  // A rise of no epoch is refused.
  OneCycleLR: (wanted) => ({
    max_lr: wanted.base,
    total_steps: Math.max(wanted.epochs, 4),
    ...momentumOf(wanted),
  }),
  SWALR: ({ base, epochs }) => ({ swa_lr: digits(base / 2), anneal_epochs: epochs }),
  ConstantScheduleWithWarmup: ({ epochs }) => ({ num_warmup_steps: part(epochs, 0.1) }),
  LinearScheduleWithWarmup: withWarmup,
  CosineScheduleWithWarmup: withWarmup,
  CosineWithHardRestartsScheduleWithWarmup: (wanted) => ({ ...withWarmup(wanted), num_cycles: 3 }),
  CosineWithMinLRScheduleWithWarmup: (wanted) => ({ ...withWarmup(wanted), min_lr_rate: 0.1 }),
  CosineWithMinLRScheduleWithWarmupLRRate: (wanted) => ({
    ...withWarmup(wanted),
    min_lr_rate: 0.1,
    warmup_lr_rate: WARMUP_START,
  }),
  PolynomialDecayScheduleWithWarmup: (wanted) => ({
    ...withWarmup(wanted),
    lr_end: digits(wanted.base / 1000),
    power: 2,
  }),
  InverseSqrtSchedule: ({ epochs }) => ({ num_warmup_steps: part(epochs, 0.1) }),
  WSDSchedule: (wanted) => ({
    ...withWarmup(wanted),
    num_decay_steps: Math.min(part(wanted.epochs, 0.2), wanted.epochs - part(wanted.epochs, 0.1)),
  }),
  GreedyLR: ({ base }) => ({ min_lr: digits(base / 100), max_lr: base }),
};

/** A part of some epochs, at least one. */
function part(epochs: number, share: number): number {
  return Math.max(1, Math.round(epochs * share));
}

/** What falls to a tenth in so many epochs, with three digits that tell it from 1. */
function gammaFor(epochs: number): number {
  const lost = 1 - 0.1 ** (1 / epochs);
  return digits(1 - Number(lost.toPrecision(3)));
}

function digits(value: number): number {
  return Number(value.toPrecision(12));
}
