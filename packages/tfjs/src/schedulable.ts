import { keep, type Optimizer, type Scalar, scalar } from "@tensorflow/tfjs-core";
import type { SchedulableGroup, SchedulableOptimizer } from "torch-optim/optim";

/** What an optimizer of `tf.train` keeps, of which TensorFlow.js shows little. */
interface Kept {
  learningRate: number;
  /** Of `momentum` and `rmsprop`. */
  momentum: number;
  /** Of `momentum`: the same as a tensor, which its kernel reads. */
  m: Scalar;
  setLearningRate(learningRate: number): void;
}

/** The optimizers of `tf.train` by their class names, and what each group of theirs can move. */
const GROUPS: Readonly<Record<string, (kept: Kept) => SchedulableGroup>> = {
  SGD: sgd_group,
  Momentum: momentum_group,
  RMSProp: rmsprop_group,
  Adam: plain_group,
  Adamax: plain_group,
  Adagrad: plain_group,
  Adadelta: plain_group,
};

const BETAS_STAY =
  "whose steps are right for one beta1 alone (that of torch-optim-tfjs can be cycled)";

/** The optimizers whose momentum cannot move, and why. */
const NO_MOMENTUM: Readonly<Record<string, string>> = { Adam: BETAS_STAY, Adamax: BETAS_STAY };

/** Those that were asked for: a scheduler and the schedulers inside it stand on the same object. */
const known = new WeakMap<Optimizer, SchedulableOptimizer>();

/**
 * An optimizer of `tf.train` as schedulers take it: one group, whose `lr` is the learning rate in force,
 * and whose `momentum` is that of `tf.train.momentum` and `tf.train.rmsprop`. The same optimizer gives the
 * same object, and one of this package is given back as it is.
 *
 * The momentum of `tf.train.adam` and `tf.train.adamax` is not moved: they keep the product of all their
 * beta1 as a power of the first, so their steps would have another size than PyTorch's.
 *
 * @throws TypeError for an optimizer that is none of `tf.train`'s.
 * @example
 * ```ts
 * const sgd = tf.train.sgd(0.1);
 * const scheduler = new StepLR(schedulable(sgd), { step_size: 30 });
 * ```
 */
export function schedulable(tf_optimizer: Optimizer): SchedulableOptimizer {
  if ("param_groups" in tf_optimizer) return tf_optimizer as SchedulableOptimizer & Optimizer;
  const made = known.get(tf_optimizer) ?? adapt(tf_optimizer);
  known.set(tf_optimizer, made);
  return made;
}

function adapt(tf_optimizer: Optimizer): SchedulableOptimizer {
  const name = tf_optimizer.getClassName?.();
  const group_of = Object.hasOwn(GROUPS, name) ? GROUPS[name] : undefined;
  if (!group_of) {
    const names = Object.keys(GROUPS).join(", ");
    throw new TypeError(
      `schedulable: tf_optimizer must be one of tf.train (${names}) or of torch-optim-tfjs, ` +
        `got ${name ?? typeof tf_optimizer}`,
    );
  }
  const kept: unknown = tf_optimizer;
  return { param_groups: [group_of(kept as Kept)], without_momentum: NO_MOMENTUM[name] };
}

/** One that reads its learning rate at every step. Schedulers copy groups, so accessors are their own. */
function plain_group(kept: Kept): SchedulableGroup {
  return {
    get lr() {
      return kept.learningRate;
    },
    set lr(lr) {
      kept.learningRate = lr;
    },
  };
}

/** One whose kernel reads tensors: the learning rate goes by the method that replaces its tensor. */
function sgd_group(kept: Kept): SchedulableGroup {
  return {
    get lr() {
      return kept.learningRate;
    },
    set lr(lr) {
      kept.setLearningRate(lr);
    },
  };
}

/** The same with momentum, whose tensor `setMomentum()` leaves as it is, so it is replaced here. */
function momentum_group(kept: Kept): SchedulableGroup {
  return with_momentum(sgd_group(kept), kept, (momentum) => {
    kept.m.dispose();
    kept.m = keep(scalar(momentum));
    kept.momentum = momentum;
  });
}

function rmsprop_group(kept: Kept): SchedulableGroup {
  return with_momentum(plain_group(kept), kept, (momentum) => {
    kept.momentum = momentum;
  });
}

function with_momentum(
  group: SchedulableGroup,
  kept: Kept,
  set: (momentum: number) => void,
): SchedulableGroup {
  const get = () => kept.momentum;
  return Object.defineProperty(group, "momentum", { get, set, enumerable: true });
}
