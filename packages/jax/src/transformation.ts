import { Array as ConcreteArray, type JsTree, numpy as np, tree } from "@jax-js/jax";
import type { optim, ParameterLike } from "torch-optim";
import type { Numbers } from "torch-optim/optim";
import type { Kernel, Place, Program, Scalars } from "torch-optim/place";
import { as_numbers, Box } from "./box.ts";
import { newton_schulz } from "./newton_schulz.ts";
import { operations } from "./operations.ts";
import { type JaxArray, Owned } from "./owned.ts";

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

type Inner = optim.Optimizer<optim.OptimizerOptions>;
type Build = (params: ParameterLike[]) => Inner;
type Programs = Readonly<Record<string, Program>>;

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
}

/** Arrays of whatever kernels are run, as boxes. */
function boxes_in(arrays: readonly Numbers[]): Box[] {
  const list: unknown[] = arrays.filter((array) => array !== undefined);
  return list as Box[];
}

abstract class JaxPlace implements Place {
  protected readonly programs: Programs;

  constructor(programs: Programs) {
    this.programs = programs;
  }

  abstract run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[];

  zeros(length: number) {
    return as_numbers(new Box(length));
  }

  check(): void {}
}

/** Computes nothing, but notes what is the same for all elements. */
class Recorder extends JaxPlace {
  uniforms: number[] = [];

  run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[] {
    const program = this.programs[kernel.name];
    this.uniforms.push(...(program?.uniforms(scalars).map(Number) ?? []));
    return arrays;
  }
}

/** Runs kernels as programs of jax-js' operations, on scalars that the recorder has noted. */
class Runner extends JaxPlace {
  readonly #scalars: readonly JaxArray[];
  /** What kernels hand to one another within an update. */
  readonly #scratch: Box[] = [];
  #next = 0;

  constructor(programs: Programs, scalars: readonly JaxArray[]) {
    super(programs);
    this.#scalars = scalars;
  }

  run(kernel: Kernel, arrays: readonly Numbers[], scalars: Scalars): readonly Numbers[] {
    const boxes = boxes_in(arrays);
    const after = this.programs[kernel.name]
      ? this.#run(this.programs[kernel.name], boxes, scalars)
      : [newton_schulz(array_in(boxes[0]), [...scalars])];
    for (const [i, array] of after.entries()) {
      // One that stands in for an array that is not there comes a second time.
      if (boxes.indexOf(boxes[i]) < i) array.dispose();
      else {
        boxes[i].array?.dispose();
        boxes[i].array = array;
      }
    }
    return arrays;
  }

  #run(program: Program, boxes: readonly Box[], scalars: Scalars): JaxArray[] {
    const owned = new Owned();
    const count = program.uniforms(scalars).length;
    const uniforms = this.#scalars.slice(this.#next, this.#next + count);
    this.#next += count;
    // What is only stored has nothing in it.
    const before = boxes.map((box) => box.array) as JaxArray[];
    return owned.finish(program.run(operations(owned), before, uniforms));
  }

  override zeros(length: number) {
    const box = new Box(length);
    this.#scratch.push(box);
    return as_numbers(box);
  }

  /** Lets go of what no state keeps. */
  dispose(): void {
    for (const { array } of this.#scratch) array?.dispose();
  }

  /** For parameters that share their scalars, begins with the first. */
  rewind(): void {
    this.#next = 0;
  }
}

function array_in({ array }: Box): JaxArray {
  if (!array) throw new Error("nothing stands in this array yet");
  return array;
}

/**
 * Makes a gradient transformation of an optimizer of the library. The optimizer itself runs twice: outside
 * `jit`, with a recorder in the place of arrays, to compute scalars in float64; and, traced once, with
 * jax-js' arrays and those scalars as one more of them.
 *
 * @param per_leaf - Whether scalars depend on a parameter's shape.
 */
export function transformation(
  build: Build,
  programs: Programs,
  per_leaf = false,
): TorchTransformation {
  const recorder = new Recorder(programs);
  const inner = build([stand_in([1, 1], recorder)]);
  const [group] = inner.param_groups;
  const owner = inner.constructor.name;
  let steps = 0;
  let is_fresh = false;
  let refusal: Error | undefined;

  function next_scalars(): JaxArray {
    recorder.uniforms = [];
    inner.step();
    steps++;
    is_fresh = true;
    return np.array(Float32Array.from(recorder.uniforms));
  }

  function check_count(counted: number, expected: number): void {
    if (counted === expected) return;
    refusal = new Error(
      `${owner}: advance must be called once for each update, ` +
        `got ${counted} updates with ${expected} sets of scalars`,
    );
  }

  function advance(state: TorchState): TorchState {
    if (refusal) throw refusal;
    const { count } = state;
    const expected = steps;
    if (count.device === "webgpu") {
      // Nothing is waited for on the device, so it is the next call that refuses.
      count.ref.data().then(([counted]) => check_count(counted, expected));
    } else check_count(count.ref.dataSync()[0], expected);
    if (refusal) throw refusal;
    state.scalars.dispose();
    return { ...state, scalars: next_scalars() };
  }

  return {
    get param_groups() {
      return inner.param_groups;
    },
    get stepped() {
      return steps > 0;
    },

    init(params) {
      const leaves = tree.leaves(params) as JaxArray[];
      const shapes = leaves.map(({ shape }) => shape);
      for (const leaf of leaves) leaf.dispose();
      inner.state.clear();
      group.params = (per_leaf ? shapes : [[1, 1]]).map((shape) => stand_in(shape, recorder));
      steps = 0;
      refusal = undefined;
      const scalars = next_scalars();
      const moments: TorchState["moments"] = {};
      for (const [key, entry] of Object.entries(inner.state.values().next().value ?? {})) {
        const box: unknown = entry;
        if (!(box instanceof Box)) continue;
        moments[key] = shapes.map((shape) => np.full(shape, box.value, { dtype: np.float32 }));
      }
      return { scalars, count: np.array(0, { dtype: np.float32 }), moments };
    },

    update(grads, given, params) {
      if (params === undefined) throw new TypeError(`${owner}: update needs params, got none`);
      const [gradients, structure] = tree.flatten(grads as JsTree<JaxArray>);
      const is_eager = gradients.every((each) => each instanceof ConcreteArray);
      const state = is_eager && !is_fresh ? advance(given) : given;
      if (is_eager) is_fresh = false;
      const values = tree.leaves(params as JsTree<JaxArray>);
      const owned = new Owned();
      const scalars = np.unstack(state.scalars.ref).map((each) => owned.take(each));
      const runner = new Runner(programs, scalars);
      const keys = Object.keys(state.moments);
      const boxes = values.map((value, i) => ({
        data: new Box(value.size, value.ref),
        grad: new Box(value.size, gradients[i]),
        moments: keys.map((key) => new Box(value.size, state.moments[key][i])),
      }));
      const all = boxes.map(({ data, grad }, i) => ({
        data: as_numbers(data),
        grad: as_numbers(grad),
        shape: values[i].shape,
        place: runner,
      }));
      for (const [i, param] of all.entries()) {
        const traced = build([param]);
        Object.assign(traced.param_groups[0], { ...group, params: [param] });
        const [known] = inner.state.values();
        const moments = Object.fromEntries(keys.map((key, k) => [key, boxes[i].moments[k]]));
        traced.state.set(param, { ...known, ...moments });
        if (!per_leaf) runner.rewind();
        traced.step();
      }
      owned.finish([]);
      runner.dispose();
      const updates = boxes.map(({ data, grad }, i) => {
        grad.array?.dispose();
        return np.subtract(array_in(data), values[i]);
      });
      const moments = Object.fromEntries(
        keys.map((key, k) => [key, boxes.map((each) => array_in(each.moments[k]))]),
      );
      const count = np.add(state.count, 1);
      return [
        tree.unflatten(structure, updates) as typeof grads,
        { scalars: state.scalars, count, moments },
      ];
    },

    advance,
  };
}

/** A parameter of this shape, of whose numbers nobody asks. */
function stand_in(shape: readonly number[], place: Place): ParameterLike {
  const length = shape.reduce((product, n) => product * n, 1);
  return { data: as_numbers(new Box(length)), grad: as_numbers(new Box(length)), shape, place };
}
