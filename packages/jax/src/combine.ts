import { type JsTree, numpy as np, tree } from "@jax-js/jax";
import type { LRScheduler, Recipe } from "torch-optim/lr_scheduler";
import type { JaxArray } from "./owned.ts";
import { state_dict_of, state_from } from "./states.ts";
import type { GradientTransformation } from "./transformation.ts";

type Tree = JsTree<JaxArray>;

/** A transformation that is taken on between steps, and whose state is saved and loaded as a whole. */
export type Resumable<State extends Tree> = GradientTransformation<State> &
  Required<Pick<GradientTransformation<State>, "advance" | "state_dict" | "load_state_dict">>;

/**
 * Transformations one after another, each on what the one before it gives.
 *
 * @example
 * ```ts
 * const solver = chain(clip_by_global_norm(1), adamw({ lr: 1e-3 }));
 * ```
 */
export function chain(...all: readonly GradientTransformation[]): Resumable<Tree[]> {
  return {
    init(params) {
      const states = all.map((each) => each.init(tree.ref(params)));
      tree.dispose(params);
      return states;
    },
    update(grads, states, params) {
      let updates = grads;
      const next = all.map((each, i) => {
        const own = params === undefined ? undefined : tree.ref(params);
        const [given, state] = each.update(updates, states[i], own);
        updates = given;
        return state;
      });
      tree.dispose(params);
      return [updates, next];
    },
    advance: (states) => all.map((each, i) => each.advance?.(states[i]) ?? states[i]),
    state_dict: (states) => Promise.all(all.map((each, i) => state_dict_of(each, states[i]))),
    load_state_dict(state_dict, params) {
      const saved = list_of(state_dict, all.length);
      const states = all.map((each, i) => state_from(each, saved[i], tree.ref(params)));
      tree.dispose(params);
      return states;
    },
  };
}

function list_of(state_dict: unknown, length: number): unknown[] {
  if (Array.isArray(state_dict) && state_dict.length === length) return state_dict;
  throw new Error(`chain: state_dict must be a list of ${length} states`);
}

/**
 * Scales gradients down so that their norm is at most `max_norm`: that of all of them together.
 *
 * `total = √Σ g²`, `g ← g · min(1, max_norm / (total + 1e-6))`, as PyTorch's `clip_grad_norm_`.
 *
 * @param max_norm - At least 0.
 * @throws RangeError for another `max_norm`.
 * @example
 * ```ts
 * const solver = chain(clip_by_global_norm(1), adamw({ lr: 1e-3 }));
 * ```
 */
export function clip_by_global_norm(max_norm: number): GradientTransformation<JaxArray[]> {
  if (!(max_norm >= 0)) {
    throw new RangeError(
      `clip_by_global_norm: max_norm must be a number of at least 0, got ${max_norm}`,
    );
  }
  return {
    init(params) {
      tree.dispose(params);
      return [];
    },
    update(grads, state, params) {
      tree.dispose(params);
      const leaves = tree.leaves(grads as Tree);
      const squares = leaves.map((each) => np.sum(np.square(each.ref)));
      const total = np.sqrt(squares.reduce((sum, each) => np.add(sum, each)));
      const factor = np.minimum(1, np.divide(max_norm, np.add(total, 1e-6)));
      const clipped = tree.map((each: JaxArray) => np.multiply(each, factor.ref), grads as Tree);
      factor.dispose();
      return [clipped as typeof grads, state];
    },
  };
}

/**
 * A transformation of some of the leaves alone, by their paths (`layers.0.bias`); the others' gradients
 * go through as they are.
 *
 * @param paths - What the paths of its leaves match, or whether one is of them.
 * @example
 * ```ts
 * const solver = chain(
 *   masked(adamw({ lr: 1e-3, weight_decay: 0 }), /bias/),
 *   masked(adamw({ lr: 1e-3 }), (path) => !path.includes("bias")),
 * );
 * ```
 */
export function masked<State extends Tree>(
  transformation: GradientTransformation<State>,
  paths: RegExp | ((path: string) => boolean),
): Resumable<State> {
  const is_of = paths instanceof RegExp ? (path: string) => path.search(paths) >= 0 : paths;
  const chosen = (params: Tree): boolean[] => paths_of(params).map(is_of);
  /** The leaves of the transformation's own; the others are let go. */
  const own_leaves = (params: Tree): JaxArray[] => {
    const mask = chosen(params);
    const leaves = tree.leaves(params) as JaxArray[];
    for (const leaf of leaves.filter((_, i) => !mask[i])) leaf.dispose();
    return leaves.filter((_, i) => mask[i]);
  };
  return {
    ...transformation,
    init: (params) => transformation.init(own_leaves(params)),
    update(grads, state, params) {
      const mask = chosen(grads as Tree);
      const [leaves, structure] = tree.flatten(grads as Tree);
      const own = params === undefined ? undefined : own_leaves(params as Tree);
      const [updates, next] = transformation.update(
        leaves.filter((_, i) => mask[i]),
        state,
        own,
      );
      const given = updates.values();
      const all = leaves.map((leaf, i) => (mask[i] ? (given.next().value as JaxArray) : leaf));
      return [tree.unflatten(structure, all) as typeof grads, next];
    },
    advance: (state) => transformation.advance?.(state) ?? state,
    state_dict: (state) => state_dict_of(transformation, state),
    load_state_dict: (state_dict, params) =>
      state_from(transformation, state_dict, own_leaves(params)),
  };
}

/** The paths of a tree's leaves, in their order. */
function paths_of(of: Tree, path = ""): string[] {
  const is_leaf = typeof of !== "object" || of === null || "aval" in of;
  if (is_leaf) return [path];
  const keys = Array.isArray(of) ? [...of.keys()] : Object.keys(of);
  return keys.flatMap((key) => {
    const inside = (of as Record<string | number, Tree>)[key];
    return paths_of(inside, path === "" ? `${key}` : `${path}.${key}`);
  });
}

/** A state with the lr in force beside it. */
export type Injected<State extends Tree> = { inner: State; lr: JaxArray };

/**
 * A transformation under a schedule, also under `jit`: `advance` takes the scheduler on, and what it moves
 * enters the next step as numbers in the state, so nothing is traced again.
 *
 * One of this package is given with a scheduler that was built on it, which may move any of its options.
 * One of `@jax-js/optax` is given as it is with a learning rate of 1, and its updates are multiplied by
 * the lr of the scheduler's first group.
 *
 * @example
 * ```ts
 * const adam = adamw({ lr: 1e-3 });
 * const solver = inject(adam, new CosineAnnealingLR(adam, { T_max: 100 }));
 * // With optax: inject(optax.adam(1), new StepLR({ param_groups: [{ lr: 1e-3 }] }, { step_size: 30 }))
 * ```
 */
export function inject<State extends Tree>(
  transformation: GradientTransformation<State>,
  scheduler: LRScheduler | Recipe,
): Resumable<Injected<State>> {
  const own: unknown = transformation;
  const is_ours = scheduler.optimizer === own;
  const lr = () =>
    np.array(is_ours ? 1 : scheduler.optimizer.param_groups[0].lr, { dtype: np.float32 });
  return {
    init: (params) => ({ inner: transformation.init(params), lr: lr() }),
    update(grads, { inner, lr: factor }, params) {
      const [updates, next] = transformation.update(grads, inner, params);
      const scaled = is_ours
        ? updates
        : tree.map((each: JaxArray) => np.multiply(each, factor.ref), updates as Tree);
      return [scaled as typeof updates, { inner: next, lr: factor }];
    },
    advance(state) {
      scheduler.step();
      state.lr.dispose();
      return { inner: transformation.advance?.(state.inner) ?? state.inner, lr: lr() };
    },
    /** With the state of the scheduler. */
    async state_dict({ inner }) {
      const own = await state_dict_of(transformation, inner);
      return { transformation: own, scheduler: scheduler.state_dict() };
    },
    load_state_dict(state_dict, params) {
      const saved = state_dict as { transformation?: unknown; scheduler?: object } | null;
      if (!saved?.scheduler) throw new Error("inject: state_dict.scheduler is missing");
      const before = scheduler.state_dict();
      scheduler.load_state_dict(saved.scheduler);
      try {
        return { inner: state_from(transformation, saved.transformation, params), lr: lr() };
      } catch (error) {
        scheduler.load_state_dict(before);
        throw error;
      }
    },
  };
}
