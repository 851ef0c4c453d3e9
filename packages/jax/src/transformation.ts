import { Array as ConcreteArray, type JsTree, numpy as np, tree } from "@jax-js/jax";
import type { FloatArray, optim } from "torch-optim";
import { Ahead, type Build } from "./ahead.ts";
import { as_numbers, Box } from "./box.ts";
import { type JaxArray, Owned } from "./owned.ts";
import { array_in, type Programs, Runner } from "./place.ts";

/** A gradient transformation of optax's form. All arrays that it is given are used up. */
export interface GradientTransformation<State extends JsTree<JaxArray> = JsTree<JaxArray>> {
  /** The state of the first step, for such parameters. */
  init(params: JsTree<JaxArray>): State;
  /** Updates out of gradients, to be added to the parameters, and the state of the next step. */
  update<Tree extends JsTree<JaxArray>>(grads: Tree, state: State, params?: Tree): [Tree, State];
  /**
   * Puts what the next step goes by into a state: outside `jit`, once for each `update`. Where nothing is
   * traced, `update` does it itself if it was not done.
   */
  advance?(state: State): State;
  /** A state as a plain object that survives JSON; the arrays stay the caller's. */
  state_dict?(state: State): Promise<unknown>;
  /**
   * The state to go on with from what `state_dict` gave, for such parameters.
   *
   * @throws Error, TypeError or RangeError that names the key.
   */
  load_state_dict?(state_dict: unknown, params: JsTree<JaxArray>): State;
}

/** What an optimizer keeps between its steps. */
export type TorchState = {
  /** What is the same for all elements, computed in float64 beforehand. */
  scalars: JaxArray;
  /** How many updates there were. */
  count: JaxArray;
  /** What is remembered of the parameters, under PyTorch's keys: a list of their leaves. */
  moments: Record<string, JaxArray[]>;
};

/** One of PyTorch's optimizers as a gradient transformation; schedulers take it for an optimizer. */
export interface TorchTransformation
  extends GradientTransformation<TorchState>,
    optim.SchedulableOptimizer {
  update<Tree extends JsTree<JaxArray>>(
    grads: Tree,
    state: TorchState,
    params?: Tree,
  ): [Tree, TorchState];
  advance(state: TorchState): TorchState;
  /** In PyTorch's form, with the leaves of the parameters in their order. */
  state_dict(state: TorchState): Promise<optim.OptimizerState>;
  /** Takes up a state of PyTorch's as well. */
  load_state_dict(state_dict: unknown, params: JsTree<JaxArray>): TorchState;
}

/**
 * Makes a gradient transformation of an optimizer of the library. The optimizer itself runs twice: outside
 * `jit`, ahead, to compute scalars in float64; and, traced once, with jax-js' arrays and those scalars as one
 * more of them.
 *
 * @param per_leaf - Whether scalars depend on a parameter's shape.
 */
export function transformation(
  build: Build,
  programs: Programs,
  per_leaf = false,
): TorchTransformation {
  const ahead = new Ahead(build, programs, per_leaf);
  let is_fresh = false;

  /** A state for the first step, with what is remembered of each parameter so far. */
  function first_state(
    shapes: readonly (readonly number[])[],
    remembered: readonly Record<string, unknown>[],
  ): TorchState {
    const scalars = ahead.next();
    is_fresh = true;
    const moments: TorchState["moments"] = {};
    for (const [key, box] of Object.entries(ahead.entries)) {
      if (!(box instanceof Box)) continue;
      moments[key] = shapes.map((shape, i) => {
        const known = remembered[i]?.[key];
        return ArrayBuffer.isView(known)
          ? np.array(known as Float32Array, { shape: [...shape] })
          : np.full([...shape], box.value, { dtype: np.float32 });
      });
    }
    return { scalars, count: np.array(0, { dtype: np.float32 }), moments };
  }

  function advance(state: TorchState): TorchState {
    ahead.check(state.count);
    state.scalars.dispose();
    is_fresh = true;
    return { ...state, scalars: ahead.next() };
  }

  /** Runs the optimizer on leaves, where its arrays are jax-js'. */
  function run(leaves: readonly Leaf[], runner: Runner): void {
    const [group] = ahead.param_groups;
    for (const { data, grad, moments, shape } of leaves) {
      const param = { data: as_numbers(data), grad: as_numbers(grad), shape, place: runner };
      const optimizer = build([param]);
      Object.assign(optimizer.param_groups[0], group, { params: [param] });
      optimizer.state.set(param, { ...ahead.entries, ...moments });
      if (!per_leaf) runner.rewind();
      optimizer.step();
    }
  }

  return {
    get param_groups() {
      return ahead.param_groups;
    },
    get stepped() {
      return ahead.sets > 0;
    },

    init(params) {
      const shapes = shapes_of(params);
      ahead.begin(shapes);
      return first_state(shapes, []);
    },

    update(grads, given, params) {
      if (params === undefined) throw new TypeError(`${ahead.name}: update needs params, got none`);
      const [gradients, structure] = tree.flatten(grads as JsTree<JaxArray>);
      const is_eager = gradients.every((each) => each instanceof ConcreteArray);
      const state = is_eager && !is_fresh ? advance(given) : given;
      if (is_eager) is_fresh = false;
      const owned = new Owned();
      const scalars = np.unstack(state.scalars.ref).map((each) => owned.take(each));
      const runner = new Runner(programs, scalars);
      const values = tree.leaves(params as JsTree<JaxArray>);
      const leaves = values.map((value, i) => leaf_of(value, gradients[i], state.moments, i));
      run(leaves, runner);
      owned.finish([]);
      runner.dispose();
      const updates = leaves.map(({ data, grad }, i) => {
        grad.array?.dispose();
        return np.subtract(array_in(data), values[i]);
      });
      const moments = Object.fromEntries(
        Object.keys(state.moments).map((key) => [
          key,
          leaves.map((leaf) => array_in(leaf.moments[key])),
        ]),
      );
      const next = { scalars: state.scalars, count: np.add(state.count, 1), moments };
      return [tree.unflatten(structure, updates) as typeof grads, next];
    },

    advance,

    async state_dict({ count, moments }) {
      const [counted] = await count.ref.data();
      const arrays: Record<string, FloatArray>[] = [];
      for (const [key, list] of Object.entries(moments)) {
        for (const [i, array] of list.entries()) {
          arrays[i] = { ...arrays[i], [key]: (await array.ref.data()) as Float32Array };
        }
      }
      return ahead.state_dict(counted, arrays);
    },

    load_state_dict(state_dict, params) {
      const shapes = shapes_of(params);
      const remembered = ahead.load_state_dict(state_dict as object, shapes);
      return first_state(shapes, remembered);
    },
  };
}

/** A leaf of the parameters, with what belongs to it. */
interface Leaf {
  readonly data: Box;
  readonly grad: Box;
  readonly moments: Readonly<Record<string, Box>>;
  readonly shape: readonly number[];
}

function leaf_of(
  value: JaxArray,
  gradient: JaxArray,
  moments: TorchState["moments"],
  i: number,
): Leaf {
  const boxes = Object.entries(moments).map(([key, list]) => [key, new Box(value.size, list[i])]);
  return {
    data: new Box(value.size, value.ref),
    grad: new Box(value.size, gradient),
    moments: Object.fromEntries(boxes),
    shape: value.shape,
  };
}

/** The shapes of a tree's leaves, which it uses up. */
function shapes_of(params: JsTree<JaxArray>): number[][] {
  const leaves = tree.leaves(params) as JaxArray[];
  const shapes = leaves.map(({ shape }) => shape);
  for (const leaf of leaves) leaf.dispose();
  return shapes;
}
