import fc from "fast-check";
import type { Field } from "../../src/fields.ts";
import { fields_of, takes_function } from "../../src/optim/lr_scheduler/as_data/registry.ts";
import { CATALOGUE, type Entry } from "../../src/optim/lr_scheduler/catalogue.ts";
import type { Spec } from "./spec.ts";

const factor = fc.constantFrom(0.1, 0.25, 1 / 3, 0.5, 0.9, 1);
const epochs = fc.integer({ min: 1, max: 12 });
const some_epochs = fc.integer({ min: 0, max: 8 });
const fn = fc.oneof(
  fc.record({ fn: fc.constant("inverse"), k: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ fn: fc.constant("power"), base: fc.constantFrom(0.5, 0.9) }),
  fc.record({ fn: fc.constant("wave"), period: fc.integer({ min: 2, max: 7 }) }),
);

/**
 * What an option of this name is given, as far as its scheduler allows it, whichever that is. An
 * option that is not here keeps its default, unless it is a choice.
 */
const VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  T_0: epochs,
  T_max: epochs,
  T_mult: fc.integer({ min: 1, max: 3 }),
  anneal_epochs: some_epochs,
  base_lr: fc.constantFrom(0.01, 0.1),
  cooldown: fc.integer({ min: 0, max: 2 }),
  end_factor: fc.oneof(factor, fc.constant(0)),
  eta_min: fc.constantFrom(0, 0, 0.01),
  factor,
  gamma: fc.constantFrom(0.1, 0.5, 0.9, 0.99, 1),
  lr_end: fc.constantFrom(1e-7, 0.01),
  lr_lambda: fn,
  max_lr: fc.constantFrom(0.5, 1),
  milestones: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 5 }),
  min_lr_rate: fc.constantFrom(0, 0.1),
  min_lr_ratio: fc.constantFrom(0, 0.1),
  num_cycles: fc.constantFrom(0.5, 1, 2, 3),
  num_decay_steps: some_epochs,
  num_stable_steps: some_epochs,
  num_training_steps: fc.integer({ min: 0, max: 30 }),
  num_warmup_steps: some_epochs,
  patience: fc.integer({ min: 0, max: 3 }),
  pct_start: fc.constantFrom(0.2, 0.3),
  power: fc.constantFrom(0.5, 1, 2),
  start_factor: fc.oneof(factor, fc.constant(0)),
  step_size: epochs,
  step_size_down: fc.option(epochs),
  step_size_up: epochs,
  swa_lr: fc.constantFrom(0, 0.05, 2),
  timescale: fc.option(epochs),
  total_iters: some_epochs,
  reset_start: fc.integer({ min: 0, max: 3 }),
  warmup: fc.integer({ min: 0, max: 2 }),
  warmup_lr_rate: fc.option(fc.constantFrom(0, 0.1)),
  window_size: fc.integer({ min: 1, max: 4 }),
  // Beyond the epochs of any test, as it refuses to go past its end.
  total_steps: fc.integer({ min: 100, max: 200 }),
};

/** Options that are chosen together, by their scheduler. */
const TOGETHER: Readonly<Record<string, fc.Arbitrary<object>>> = {
  KeyframesLR: fc
    .array(fc.tuple(epochs, fc.constantFrom(0, 0.1, 0.5, 1, 2)), { minLength: 1, maxLength: 6 })
    .map((keyframes) => ({
      epochs: keyframes.map((_, k) => keyframes.slice(1, k + 1).reduce((t, [gap]) => t + gap, 0)),
      factors: keyframes.map(([, factor]) => factor),
    })),
};

/** Whether a scheduler takes options that it would take one by one. */
function agree({ type, shape, total_iters, start_factor, end_factor }: Spec): boolean {
  if (type !== "RampLR") return true;
  if (shape === "log") return total_iters !== 1;
  return shape !== "exponential" || (start_factor !== 0 && end_factor !== 0);
}

function values_of(option: string, field: Field<unknown>): fc.Arbitrary<unknown> | undefined {
  if (field.type === "boolean") return fc.boolean();
  if (field.choices) return fc.constantFrom(...field.choices);
  return VALUES[option]?.filter((value) => field.valid(value, 1) || field.type === "function");
}

/** A scheduler of the catalogue with any options. */
function any_of(type: string): fc.Arbitrary<Spec> {
  const { scheduler } = (CATALOGUE as Readonly<Record<string, Entry>>)[type];
  const options = Object.entries(fields_of(scheduler)).flatMap(([option, field]) => {
    const values = values_of(option, field);
    return values ? [[option, values] as const] : [];
  });
  return fc
    .tuple(fc.record(Object.fromEntries(options)), TOGETHER[type] ?? fc.constant({}))
    .map(([chosen, together]): Spec => ({ type, ...chosen, ...together }) as Spec)
    .filter(agree);
}

const AT_0: fc.Arbitrary<number> = fc.constant(0);
const COMPOSITES = ["SequentialLR", "ChainedScheduler"];
/** The schedulers that only ever multiply the lr, and never by 0. */
const SCALING = ["ConstantLR", "LinearLR", "ExponentialLR", "StepLR", "MultiStepLR"];
/** Those whose lr a metric decides. */
const BY_METRICS = ["ReduceLROnPlateau", "GreedyLR"];
const LEAVES = Object.keys(CATALOGUE).filter((type) => !COMPOSITES.includes(type));
const PLANNED = LEAVES.filter((type) => !BY_METRICS.includes(type));
const WRITABLE = Object.entries<Entry>(CATALOGUE)
  .filter(([type, { scheduler }]) => LEAVES.includes(type) && !takes_function(scheduler))
  .map(([type]) => type);

const leaf_of = (types: readonly string[]) => fc.oneof(...types.map(any_of));

/** Schedulers like `leaf`, inside each other to `depth`; phases begin at one of `starts`. */
function tree_of(leaf: fc.Arbitrary<Spec>, depth: number, starts = AT_0): fc.Arbitrary<Spec> {
  if (depth === 0) return leaf;
  const child = tree_of(leaf, depth - 1, starts);
  return fc.oneof(
    { weight: 1, arbitrary: leaf },
    { weight: 2, arbitrary: sequence_of(child, starts) },
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

function sequence_of(child: fc.Arbitrary<Spec>, starts = AT_0): fc.Arbitrary<Spec> {
  const phase = fc.tuple(child, fc.integer({ min: 1, max: 8 }), starts);
  return fc
    .tuple(fc.array(phase, { minLength: 1, maxLength: 4 }), fc.constantFrom(0, 1, 1, 1))
    .map(([phases, first]): Spec => {
      const own_starts = phases.map(([spec, , start]) => (has_start(spec) ? start : 0));
      const ends = phases.map((_, i) =>
        phases.slice(0, i + 1).reduce((end, [, length]) => end + length, first - 1),
      );
      return {
        type: "SequentialLR",
        schedulers: phases.map(([spec]) => spec),
        milestones: ends.slice(0, -1),
        ...(own_starts.some(Boolean) ? { starts: own_starts } : {}),
      };
    });
}

/** Whether a phase may begin elsewhere than at its epoch 0. */
function has_start(spec: Spec): boolean {
  const is_relative = spec.type === "MultiplicativeLR" || spec.type === "SWALR";
  return !is_relative && !by_metrics(spec);
}

function by_metrics({ type, schedulers = [] }: Spec): boolean {
  return BY_METRICS.includes(type) || schedulers.some(by_metrics);
}

export const scaling_leaf = leaf_of(SCALING);
export const planned_leaf = leaf_of(PLANNED);
export const any_leaf = leaf_of(LEAVES);
const writable_leaf = leaf_of(WRITABLE);

/** A sequence of any schedulers, nested up to 4 deep in all. */
export const any_sequence = sequence_of(tree_of(any_leaf, 3));
/** Any scheduler, nested up to 4 deep. */
export const any_tree = tree_of(any_leaf, 4);
/** Any scheduler whose lr an epoch alone decides, nested up to 4 deep. */
export const planned_tree = tree_of(planned_leaf, 4);
/** Any scheduler without a function in it, nested up to 3 deep. */
export const writable_tree = tree_of(writable_leaf, 3, fc.constantFrom(0, 0, 1, 5));
/** A chain of sequences and single schedulers that only multiply. */
export const scaling_chain = chain_of(fc.oneof(scaling_leaf, sequence_of(scaling_leaf)));
