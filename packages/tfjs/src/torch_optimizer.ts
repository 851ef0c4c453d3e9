import {
  clone,
  dispose,
  engine,
  type NamedTensorMap,
  Optimizer,
  reshape,
  scalar,
  type serialization,
  type Tensor,
  tensor,
  tensor1d,
  type Variable,
} from "@tensorflow/tfjs-core";
import type { optim } from "torch-optim";
import { Parameter, type ParameterLike } from "torch-optim";
import { clip_grad_norm_ } from "./clip_grad_norm.ts";
import { as_numbers, StoredTensor, VariableTensor } from "./stored_tensor.ts";
import { type Programs, TensorPlace } from "./tensor_place.ts";
import { type VariableLike, variable_of } from "./variables.ts";

type NamedTensor = Awaited<ReturnType<Optimizer["getWeights"]>>[number];

/** Variables that have options of their own. */
export type VariableGroup<Options> = Partial<Options> & {
  /** The names of its variables: a pattern that they match, or a list of whole names. */
  names: RegExp | readonly string[];
};

/** What every optimizer of this package takes beside PyTorch's options. */
export type WithGroups<Options> = Options & {
  /**
   * Variables with options of their own, by their names; a variable belongs to the first that names it,
   * and to none otherwise. They are the parameter groups from number 1 on.
   */
  groups?: readonly VariableGroup<Options>[];
  /** The largest norm of all gradients together, at least 0; beyond it they are scaled down. */
  max_grad_norm?: number;
};

type Inner = optim.Optimizer<optim.OptimizerOptions>;
type Build = (groups: { params: ParameterLike[] }[], options: object) => Inner;

/** The backends whose variables the library's own kernels update, on copies: there they are faster. */
const BY_KERNELS: ReadonlySet<string> = new Set(["cpu", "wasm"]);

const WEIGHT = "torch-optim/";

/** A variable and the parameter that stands for it. */
interface Known {
  readonly variable: Variable;
  readonly param: ParameterLike;
}

/**
 * The base of this package's optimizers: a `tf.Optimizer`, for `model.compile` and `minimize`, that
 * updates variables as PyTorch's of the same name does. It is what schedulers take for an optimizer.
 */
export abstract class TorchOptimizer<Options extends object> extends Optimizer {
  readonly #inner: Inner;
  readonly #place: TensorPlace;
  readonly #options: WithGroups<Options>;
  /** By name, in the order in which they were first seen. */
  readonly #known = new Map<string, Known>();
  /** The weights of a saved model's optimizer, until its variables are seen. */
  #saved: optim.OptimizerState["state"] | undefined;

  protected constructor(options: WithGroups<Options>, build: Build, programs: Programs) {
    super();
    const { groups = [], max_grad_norm, ...own } = options;
    this.#options = options;
    check_groups(groups);
    if (max_grad_norm !== undefined && !(max_grad_norm >= 0)) {
      throw new RangeError(`max_grad_norm must be a number of at least 0, got ${max_grad_norm}`);
    }
    const with_options = groups.map(({ names: _, ...others }) => ({ params: [], ...others }));
    this.#inner = build([{ params: [] }, ...with_options], own);
    this.#place = new TensorPlace(programs);
  }

  /** The parameter groups, for schedulers: the first is of variables that no group names. */
  get param_groups(): Inner["param_groups"] {
    return this.#inner.param_groups;
  }

  /** Whether it has ever taken a step. */
  get stepped(): boolean {
    return this.#inner.stepped;
  }

  /** Updates variables, each by its gradient. */
  override applyGradients(gradients: NamedTensorMap | NamedTensor[]): void {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    const given = list.filter((each) => each.tensor != null);
    for (const { name } of given) this.#admit(engine().registeredVariables[name]);
    this.#take_up_saved();
    const { max_grad_norm } = this.#options;
    const clipped = max_grad_norm === undefined ? given : clipped_to(given, max_grad_norm);
    for (const { name, tensor } of clipped) this.#set_grad(name, tensor);
    this.#inner.step();
    for (const { name } of clipped) this.#take_back(name);
    if (clipped !== given) dispose(clipped.map((each) => each.tensor));
    this.incrementIterations();
  }

  /** Makes a parameter of a variable that is seen for the first time. */
  #admit(variable: Variable): void {
    const { name, dtype, shape, size } = variable;
    if (this.#known.get(name)?.variable === variable) return;
    if (dtype !== "float32") {
      throw new TypeError(`${this.#name}: variable ${name} must be in float32, got ${dtype}`);
    }
    const by_kernels = BY_KERNELS.has(engine().backendName);
    const param: ParameterLike = by_kernels
      ? new Parameter(new Float32Array(size), shape)
      : { data: as_numbers(new VariableTensor(variable)), grad: null, shape, place: this.#place };
    const { groups = [] } = this.#options;
    const g = groups.findIndex(({ names }) => is_named(names, name));
    const group = this.#inner.param_groups[g + 1];
    const last = this.#known.get(name);
    // A model that was built again under the same names goes on with a state of its own.
    if (last) for (const each of this.#inner.param_groups) remove(each.params, last.param);
    this.#known.set(name, { variable, param });
    group.params.push(param);
  }

  #set_grad(name: string, gradient: Tensor): void {
    const { variable, param } = this.#of(name);
    if (param.place) {
      const grad = new StoredTensor(variable.size);
      grad.store(reshape(gradient, [variable.size]));
      param.grad = as_numbers(grad);
    } else {
      (param.data as Float32Array).set(variable.dataSync());
      param.grad = gradient.dataSync() as Float32Array;
    }
  }

  /** Gives the variable what its parameter has become. */
  #take_back(name: string): void {
    const { variable, param } = this.#of(name);
    if (param.place) {
      const grad: unknown = param.grad;
      (grad as StoredTensor).dispose();
    } else {
      const value = tensor((param.data as Float32Array).slice(), variable.shape);
      variable.assign(value);
      value.dispose();
    }
    param.grad = null;
  }

  #of(name: string): Known {
    const known = this.#known.get(name);
    if (!known) throw new Error(`${this.#name}: there is no variable ${name}`);
    return known;
  }

  get #name(): string {
    return this.#inner.constructor.name;
  }

  /**
   * The state as a plain object that survives JSON, in PyTorch's form, with the variables in the order of
   * their groups and, within one, as they were first seen.
   */
  async state_dict(): Promise<optim.OptimizerState> {
    const stored = [...this.#place.stored];
    await Promise.all(stored.map((each) => each.read()));
    try {
      return this.#inner.state_dict();
    } finally {
      for (const each of stored) each.forget();
    }
  }

  /**
   * Takes up a state, of this optimizer or of PyTorch's. Everything is checked before anything changes.
   *
   * @param variables - Those of the model in their order, as `model.trainableWeights`, for an optimizer
   *   that has not taken a step yet.
   * @throws Error, TypeError or RangeError that names the key.
   */
  load_state_dict(state_dict: object, variables: readonly VariableLike[] = []): void {
    for (const each of variables) this.#admit(variable_of(each));
    this.#inner.load_state_dict(state_dict);
    this.#sweep();
  }

  /** Disposes what no state holds any more. */
  #sweep(): void {
    const live = new Set<unknown>();
    for (const state of this.#inner.state.values()) {
      for (const entry of Object.values(state)) live.add(entry);
    }
    this.#place.keep_only(live);
  }

  /** Disposes the tensors that it keeps. */
  override dispose(): void {
    this.#inner.state.clear();
    this.#sweep();
  }

  /** The state as tensors, for `model.save` with `includeOptimizer`. */
  override async getWeights(): Promise<NamedTensor[]> {
    const { state, param_groups } = await this.state_dict();
    const indices = param_groups.flatMap(({ params }) => params);
    const params = this.#inner.param_groups.flatMap((group) => group.params);
    const order = [...this.#known.values()].map(({ param }) => indices[params.indexOf(param)]);
    const weights = order.flatMap((index, i) =>
      Object.entries(state[index] ?? {}).map(([key, value]) => ({
        name: `${WEIGHT}${i}/${key}`,
        tensor: Array.isArray(value) ? tensor1d(value.map(Number)) : scalar(Number(value ?? 0)),
      })),
    );
    return [await this.saveIterations(), ...weights];
  }

  /** Takes up the state of a saved model's optimizer when its variables are seen, at the next step. */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const saved: Record<string, Record<string, number | number[]>> = {};
    for (const { name, tensor } of await this.extractIterations(weights)) {
      const [i, key] = name.slice(WEIGHT.length).split("/");
      const values = Array.from(await tensor.data());
      saved[i] = { ...saved[i], [key]: tensor.rank === 0 ? values[0] : values };
    }
    this.#saved = saved;
  }

  #take_up_saved(): void {
    const saved = this.#saved;
    if (!saved) return;
    this.#saved = undefined;
    const params = this.#inner.param_groups.flatMap((group) => group.params);
    const state: optim.OptimizerState["state"] = {};
    for (const [i, { param }] of [...this.#known.values()].entries()) {
      if (saved[i]) state[params.indexOf(param)] = saved[i];
    }
    this.load_state_dict({ ...this.#inner.state_dict(), state });
  }

  /** The options, for `model.save`. */
  override getConfig(): serialization.ConfigDict {
    const [{ lr }] = this.#inner.param_groups;
    const groups = this.#options.groups?.map(({ names, ...others }) => ({
      ...others,
      names: names instanceof RegExp ? { source: names.source, flags: names.flags } : names,
    }));
    // TensorFlow.js rewrites the names of all keys and all strings, but for what is called a name.
    return { name: JSON.stringify({ ...this.#options, lr, groups }) };
  }

  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    const { groups, ...options } = JSON.parse(String(config.name));
    const patterns = groups?.map(({ names, ...others }: SavedGroup) => ({
      ...others,
      names: "source" in names ? new RegExp(names.source, names.flags) : names,
    }));
    return new cls({ ...options, ...(patterns && { groups: patterns }) });
  }
}

interface SavedGroup {
  names: { source: string; flags: string } | string[];
}

function check_groups(groups: readonly VariableGroup<object>[]): void {
  for (const [g, { names }] of groups.entries()) {
    if (names instanceof RegExp || (Array.isArray(names) && names.every(is_string))) continue;
    throw new TypeError(
      `groups[${g}].names must be a RegExp or a list of names, got ${typeof names}`,
    );
  }
}

function is_string(value: unknown): boolean {
  return typeof value === "string";
}

function is_named(names: RegExp | readonly string[], name: string): boolean {
  return names instanceof RegExp ? name.search(names) >= 0 : names.includes(name);
}

function remove<T>(list: T[], item: T): void {
  const place = list.indexOf(item);
  if (place >= 0) list.splice(place, 1);
}

function clipped_to(gradients: readonly NamedTensor[], max_norm: number): NamedTensor[] {
  const clipped = gradients.map(({ name, tensor }) => ({ name, tensor: clone(tensor) }));
  const tensors = Object.fromEntries(clipped.map(({ name, tensor }) => [name, tensor]));
  clip_grad_norm_(tensors, max_norm).dispose();
  return clipped.map(({ name }) => ({ name, tensor: tensors[name] }));
}
