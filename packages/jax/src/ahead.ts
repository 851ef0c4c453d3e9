import { numpy as np } from "@jax-js/jax";
import type { FloatArray, optim, ParameterLike } from "torch-optim";
import { as_numbers, Box } from "./box.ts";
import type { JaxArray } from "./owned.ts";
import { type Programs, Recorder } from "./place.ts";

export type Inner = optim.Optimizer<optim.OptimizerOptions>;
/** Builds the library's optimizer on parameters. */
export type Build = (params: ParameterLike[]) => Inner;

/** What an optimizer remembers of a parameter beside arrays, under PyTorch's keys. */
type Remembered = Record<string, number>;
/** All that it remembers of one, as the library keeps it. */
type Entries = Record<string, unknown>;

/**
 * The library's optimizer, running one step ahead of jax-js: on parameters of which nobody asks for numbers,
 * it computes what is the same for all elements, in float64.
 */
export class Ahead {
  readonly #build: Build;
  readonly #per_leaf: boolean;
  readonly #recorder: Recorder;
  readonly #inner: Inner;
  #shapes: readonly (readonly number[])[] = [];
  /** How many sets of scalars there were, and what was remembered before the last: by parameter. */
  #sets = 0;
  #before: Remembered[] = [];
  #refusal: Error | undefined;

  /** @param per_leaf - Whether scalars depend on a parameter's shape. */
  constructor(build: Build, programs: Programs, per_leaf: boolean) {
    this.#build = build;
    this.#per_leaf = per_leaf;
    this.#recorder = new Recorder(programs);
    this.#inner = build([this.#stand_in([1, 1])]);
  }

  get name(): string {
    return this.#inner.constructor.name;
  }

  get param_groups(): Inner["param_groups"] {
    return this.#inner.param_groups;
  }

  get sets(): number {
    return this.#sets;
  }

  /** What the optimizer remembers of the first parameter after the coming step. */
  get entries(): Entries {
    const [entries = {}] = this.#inner.state.values();
    return entries as Entries;
  }

  /** Begins anew for parameters of these shapes. */
  begin(shapes: readonly (readonly number[])[]): void {
    this.#shapes = shapes;
    this.#sets = 0;
    this.#before = [];
    this.#refusal = undefined;
    const [group] = this.#inner.param_groups;
    const own = this.#per_leaf ? shapes : [[1, 1]];
    this.#inner.state.clear();
    group.params = own.map((shape) => this.#stand_in(shape));
  }

  /** The scalars of the coming step. */
  next(): JaxArray {
    this.#before = [...this.#inner.state.values()].map(numbers_in);
    this.#inner.step();
    this.#sets++;
    return np.array(Float32Array.from(this.#recorder.take()));
  }

  /**
   * Compares how many updates there were with the sets of scalars.
   *
   * @throws Error if an update had none of its own.
   */
  check(count: JaxArray): void {
    if (this.#refusal) throw this.#refusal;
    const expected = this.#sets;
    if (count.device === "webgpu") {
      // Nothing is waited for on the device, so it is the next call that refuses.
      count.ref.data().then(([counted]) => this.#compare(counted, expected));
    } else this.#compare(count.ref.dataSync()[0], expected);
    if (this.#refusal) throw this.#refusal;
  }

  #compare(counted: number, expected: number): void {
    if (counted === expected) return;
    this.#refusal = new Error(
      `${this.name}: advance must be called once for each update, ` +
        `got ${counted} updates with ${expected} sets of scalars`,
    );
  }

  /**
   * The state in PyTorch's form.
   *
   * @param count - How many updates there were since it began.
   * @param arrays - What is remembered of each parameter, by key.
   */
  state_dict(count: number, arrays: readonly Record<string, FloatArray>[]): optim.OptimizerState {
    const is_ahead = count < this.#sets;
    const now = is_ahead ? this.#before : [...this.#inner.state.values()].map(numbers_in);
    const optimizer = this.#plain(this.#shapes);
    for (const [i, param] of optimizer.param_groups[0].params.entries()) {
      const numbers = now[this.#per_leaf ? i : 0];
      // Before the first update there is no state.
      if (numbers) optimizer.state.set(param, in_order(this.entries, { ...numbers, ...arrays[i] }));
    }
    return optimizer.state_dict();
  }

  /**
   * Begins with a state, of this optimizer or of PyTorch's, for parameters of these shapes; gives what is
   * remembered of each.
   *
   * @throws Error, TypeError or RangeError that names the key, before anything has changed.
   */
  load_state_dict(state_dict: object, shapes: readonly (readonly number[])[]): Entries[] {
    const optimizer = this.#plain(shapes);
    optimizer.load_state_dict(state_dict);
    const [{ params, ...options }] = optimizer.param_groups;
    const loaded = params.map((param) => (optimizer.state.get(param) ?? {}) as Entries);
    this.#check_alike(loaded);
    this.begin(shapes);
    const [group] = this.#inner.param_groups;
    Object.assign(group, options);
    for (const [i, param] of group.params.entries()) {
      const entries = Object.entries(loaded[i]).map(([key, entry]) => [key, stand_in_for(entry)]);
      if (entries.length > 0) this.#inner.state.set(param, Object.fromEntries(entries));
    }
    return loaded;
  }

  /** All parameters share one set of scalars, so they must have come equally far. */
  #check_alike(loaded: readonly Entries[]): void {
    if (this.#per_leaf) return;
    const [first, ...others] = loaded.map((entries) => JSON.stringify(numbers_in(entries)));
    const other = others.findIndex((each) => each !== first);
    if (other < 0) return;
    throw new Error(
      `${this.name}: state_dict must have all parameters at one step, ` +
        `got ${first} for parameter 0 and ${others[other]} for parameter ${other + 1}`,
    );
  }

  /** The optimizer on arrays in JavaScript's memory, with the options in force. */
  #plain(shapes: readonly (readonly number[])[]): Inner {
    const params = shapes.map((shape) => ({
      data: new Float32Array(size_of(shape)),
      grad: null,
      shape,
    }));
    const optimizer = this.#build(params);
    const [{ params: own }] = optimizer.param_groups;
    Object.assign(optimizer.param_groups[0], this.#inner.param_groups[0], { params: own });
    return optimizer;
  }

  /** A parameter of this shape, of whose numbers nobody asks. */
  #stand_in(shape: readonly number[]): ParameterLike {
    const length = size_of(shape);
    const place = this.#recorder;
    return { data: as_numbers(new Box(length)), grad: as_numbers(new Box(length)), shape, place };
  }
}

function size_of(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function numbers_in(entries: object): Remembered {
  const numbers = Object.entries(entries).filter(([, entry]) => typeof entry === "number");
  return Object.fromEntries(numbers) as Remembered;
}

/** The entries in the order in which the optimizer keeps them. */
function in_order(order: Entries, entries: Entries): Entries {
  return Object.fromEntries(Object.keys(order).map((key) => [key, entries[key]]));
}

/** Arrays stand on the device, so that there is only something of that length here. */
function stand_in_for(entry: unknown): unknown {
  return ArrayBuffer.isView(entry) ? new Box((entry as FloatArray).length) : entry;
}
