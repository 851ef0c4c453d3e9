import fc from "fast-check";
import type { Spec } from "./spec.ts";

const factor = fc.constantFrom(0.1, 0.25, 1 / 3, 0.5, 0.9, 1);
const epochs = fc.integer({ min: 1, max: 12 });
const fn = fc.oneof(
  fc.record({ fn: fc.constant("inverse"), k: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ fn: fc.constant("power"), base: fc.constantFrom(0.5, 0.9) }),
  fc.record({ fn: fc.constant("wave"), period: fc.integer({ min: 2, max: 7 }) }),
);
const eta_min = fc.constantFrom(0, 0, 0.01);

/** The schedulers that only ever multiply the lr, and never by 0. */
const SCALING = {
  ConstantLR: { factor, total_iters: fc.integer({ min: 0, max: 8 }) },
  LinearLR: {
    start_factor: factor,
    end_factor: factor,
    total_iters: fc.integer({ min: 0, max: 8 }),
  },
  ExponentialLR: { gamma: fc.constantFrom(0.5, 0.9, 0.99, 1) },
  StepLR: { step_size: epochs, gamma: fc.constantFrom(0.1, 0.5, 0.9) },
  MultiStepLR: {
    milestones: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 5 }),
    gamma: fc.constantFrom(0.1, 0.5, 0.9),
  },
};

const warmup = {
  num_warmup_steps: fc.integer({ min: 0, max: 6 }),
  num_training_steps: fc.integer({ min: 0, max: 30 }),
};
const shape = fc.constantFrom("linear", "cosine", "1-sqrt");

/** The schedules of Hugging Face's transformers. */
const TRANSFORMERS = {
  ConstantSchedule: {},
  ConstantScheduleWithWarmup: { num_warmup_steps: warmup.num_warmup_steps },
  LinearScheduleWithWarmup: warmup,
  CosineScheduleWithWarmup: { ...warmup, num_cycles: fc.constantFrom(0.5, 1) },
  CosineWithHardRestartsScheduleWithWarmup: {
    ...warmup,
    num_cycles: fc.integer({ min: 1, max: 3 }),
  },
  PolynomialDecayScheduleWithWarmup: {
    ...warmup,
    lr_end: fc.constantFrom(1e-7, 0.01),
    power: fc.constantFrom(1, 2),
  },
  InverseSqrtSchedule: {
    num_warmup_steps: warmup.num_warmup_steps,
    timescale: fc.option(fc.integer({ min: 1, max: 9 })),
  },
  CosineWithMinLRScheduleWithWarmup: { ...warmup, min_lr_rate: fc.constantFrom(0, 0.1) },
  WSDSchedule: {
    num_warmup_steps: warmup.num_warmup_steps,
    num_stable_steps: fc.integer({ min: 0, max: 6 }),
    num_decay_steps: fc.integer({ min: 0, max: 6 }),
    warmup_type: shape,
    decay_type: shape,
    min_lr_ratio: fc.constantFrom(0, 0.1),
  },
};

/** The other schedulers whose lr an epoch alone decides. */
const PLANNED = {
  CosineAnnealingLR: { T_max: epochs, eta_min },
  PolynomialLR: { total_iters: epochs, power: fc.constantFrom(0.5, 1, 2) },
  CosineAnnealingWarmRestarts: { T_0: epochs, T_mult: fc.integer({ min: 1, max: 3 }), eta_min },
  CyclicLR: {
    base_lr: fc.constantFrom(0.01, 0.1),
    max_lr: fc.constantFrom(0.5, 1),
    step_size_up: epochs,
    step_size_down: fc.option(epochs),
    mode: fc.constantFrom("triangular", "triangular2", "exp_range"),
    gamma: fc.constantFrom(0.9, 1),
    cycle_momentum: fc.boolean(),
  },
  OneCycleLR: {
    max_lr: fc.constantFrom(0.5, 1),
    total_steps: fc.integer({ min: 100, max: 200 }),
    pct_start: fc.constantFrom(0.2, 0.3),
    anneal_strategy: fc.constantFrom("cos", "linear"),
    three_phase: fc.boolean(),
    cycle_momentum: fc.boolean(),
  },
  ...TRANSFORMERS,
};

/** Schedulers with a function, which no spec can hold. */
const FUNCTIONAL = {
  LambdaLR: { lr_lambda: fn },
  MultiplicativeLR: { lr_lambda: fn },
};

const PLATEAU = {
  ReduceLROnPlateau: {
    patience: fc.integer({ min: 0, max: 3 }),
    factor: fc.constantFrom(0.1, 0.5),
    cooldown: fc.integer({ min: 0, max: 2 }),
  },
};

type Table = Record<string, Record<string, fc.Arbitrary<unknown>>>;

const leaf_of = (table: Table): fc.Arbitrary<Spec> =>
  fc.oneof(
    ...Object.entries(table).map(([type, options]) =>
      fc.record(options).map((chosen): Spec => ({ type, ...chosen })),
    ),
  );

/** Schedulers of every kind that a table has, inside each other to `depth`. */
function tree_of(leaf: fc.Arbitrary<Spec>, depth: number): fc.Arbitrary<Spec> {
  if (depth === 0) return leaf;
  const child = tree_of(leaf, depth - 1);
  return fc.oneof(
    { weight: 1, arbitrary: leaf },
    { weight: 2, arbitrary: sequence_of(child) },
    {
      weight: 1,
      arbitrary: chain_of(child),
    },
  );
}

function chain_of(child: fc.Arbitrary<Spec>): fc.Arbitrary<Spec> {
  return fc
    .array(child, { minLength: 1, maxLength: 3 })
    .map((schedulers): Spec => ({ type: "ChainedScheduler", schedulers }));
}

function sequence_of(child: fc.Arbitrary<Spec>): fc.Arbitrary<Spec> {
  const phase = fc.tuple(child, fc.integer({ min: 1, max: 8 }));
  return fc
    .tuple(fc.array(phase, { minLength: 1, maxLength: 4 }), fc.constantFrom(0, 1, 1, 1))
    .map(([phases, first]): Spec => {
      const ends = phases.map((_, i) =>
        phases.slice(0, i + 1).reduce((end, [, length]) => end + length, first - 1),
      );
      return {
        type: "SequentialLR",
        schedulers: phases.map(([spec]) => spec),
        milestones: ends.slice(0, -1),
      };
    });
}

export const scaling_leaf = leaf_of(SCALING);
export const planned_leaf = leaf_of({ ...SCALING, ...PLANNED, ...FUNCTIONAL });
export const any_leaf = leaf_of({ ...SCALING, ...PLANNED, ...FUNCTIONAL, ...PLATEAU });
const writable_leaf = leaf_of({ ...SCALING, ...PLANNED, ...PLATEAU });

/** A sequence of any schedulers, nested up to 4 deep in all. */
export const any_sequence = sequence_of(tree_of(any_leaf, 3));
/** Any scheduler, nested up to 4 deep. */
export const any_tree = tree_of(any_leaf, 4);
/** Any scheduler whose lr an epoch alone decides, nested up to 4 deep. */
export const planned_tree = tree_of(planned_leaf, 4);
/** Any scheduler without a function in it, nested up to 3 deep. */
export const writable_tree = tree_of(writable_leaf, 3);
/** A chain of sequences and single schedulers that only multiply. */
export const scaling_chain = chain_of(fc.oneof(scaling_leaf, sequence_of(scaling_leaf)));
