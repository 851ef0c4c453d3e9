import { COUNT, checked } from "../fields.ts";
import { are_numbers, check_data, check_grad } from "../numbers.ts";
import { type OptionTable, resolve } from "../option_table.ts";
import type { ParameterLike } from "../parameter.ts";
import { refuse } from "../refusal.ts";
import { GroupOptions, type Values } from "./group_options.ts";
import {
  list_in,
  type OptimizerState,
  type TypedOptimizerState,
  values_in,
  write_groups,
} from "./optimizer_state.ts";
import {
  groups_of,
  members_of,
  type OptimizerOptions,
  type ParamGroup,
  type ParamGroupOptions,
  type Params,
} from "./params.ts";
import { plain_values } from "./plain_data.ts";
import type { StateEntry, TypedEntry } from "./state_numbers.ts";
import {
  complete,
  read_entries,
  type StateFields,
  type StateTable,
  take_up,
  write_entries,
} from "./state_table.ts";

/** A constructor's options, which may be left out if each of them may. */
type Arguments<Options> =
  Partial<Options> extends Options ? [options?: Options] : [options: Options];

/**
 * The base of all optimizers: the parameter groups with their options, and the state of every
 * parameter. Those that update one parameter after the other extend `PerParameterOptimizer`; one
 * that moves all of them together, as `LBFGS` does, extends this class and takes its steps itself.
 *
 * A class has a static `option_table`, which says what its options may be, and a static
 * `state_table`, which says what it remembers of a parameter: that is `State`, under PyTorch's keys.
 * Both are in force while the constructor here runs; fields of a subclass do not exist yet then.
 */
export abstract class Optimizer<
  Options extends OptimizerOptions = OptimizerOptions,
  State extends object = object,
> {
  /** What each option may be, and its default. */
  declare static readonly option_table?: OptionTable<object>;
  /** The entries of a parameter's state. */
  static readonly state_table: StateTable<object> = {};

  /** The parameter groups; their options are read at every step. */
  readonly param_groups: ParamGroup<Options>[] = [];
  /** The options of groups that do not say otherwise. */
  readonly defaults: Required<Options>;
  /** The state of every parameter that was updated. */
  readonly state = new Map<ParameterLike, State>();
  /** Whether `step()` was ever called. */
  stepped = false;

  readonly #owner: string;
  readonly #options: GroupOptions;
  /** The entries of the state table, and those of them that not every group asks for. */
  readonly #entries: StateFields;
  readonly #on_demand: StateFields;
  /** How many values every parameter has, for good. */
  readonly #lengths = new WeakMap<ParameterLike, number>();

  /**
   * @param params - Parameters, or groups of them that may have options of their own.
   * @param options - The options of groups that do not say otherwise.
   */
  constructor(params: Params<Options>, ...[options = {} as Options]: Arguments<Options>) {
    const { option_table, state_table, name } = new.target;
    if (!option_table) throw new TypeError(`${name}: a static option_table is missing`);
    this.#owner = option_table.owner;
    this.#options = new GroupOptions(option_table);
    this.#entries = Object.entries(state_table as StateTable<Values>);
    this.#on_demand = this.#entries.filter(([, { asked }]) => asked);
    const given = values_in(`${this.#owner}: options`, options);
    this.defaults = resolve(option_table, given) as Required<Options>;
    this.check_options(this.defaults);
    for (const group of groups_of(this.#owner, params)) this.add_param_group(group);
  }

  /** Takes a step; a closure is evaluated first, usually to compute the gradients. */
  abstract step(): undefined;
  abstract step<Loss>(closure: () => Loss): Loss;

  /** Refuses options that contradict each other. */
  protected check_options(_options: Required<Options>): void {}

  /** Refuses a parameter that there is no way to update, by a sentence begun by `name`. */
  protected check_param(_name: string, _param: ParameterLike): void {}

  /** Refuses a saved state whose entries contradict each other, by a sentence begun by `name`. */
  protected check_state(_name: string, _state: State): void {}

  /** Refuses options, data and gradients that no step can go by: what a step does first. */
  protected check_step(): void {
    for (let g = 0; g < this.param_groups.length; g++) {
      const group = this.param_groups[g];
      this.#options.check(group as Values, g);
      for (let i = 0; i < group.params.length; i++) this.#check_param(group.params[i], i, g);
    }
  }

  #check_param(param: ParameterLike, i: number, g: number): void {
    const { data, grad, place } = param;
    // A parameter that was written into a group by hand is seen here for the first time.
    const length = this.#lengths.get(param) ?? this.#admit(param, i, g);
    if (place) {
      place.check(this.#name_of("", i, g), param);
      return;
    }
    if (!are_numbers(data, length)) check_data(this.#name_of("data of ", i, g), data, length);
    if (grad === null || are_numbers(grad, length)) return;
    check_grad(this.#name_of("grad of ", i, g), grad, length);
  }

  /** Checks a new parameter, and gives its length. */
  #admit(param: ParameterLike, i: number, g: number): number {
    if (!param.place) check_data(this.#name_of("data of ", i, g), param.data);
    this.check_param(this.#name_of("", i, g), param);
    this.#lengths.set(param, param.data.length);
    return param.data.length;
  }

  #name_of(part: string, i: number, g: number): string {
    return `${this.#owner}: ${part}parameter ${i} of group ${g}`;
  }

  /** The state of a parameter: begun with its first update, and completed if options ask for more. */
  protected state_of(param: ParameterLike, group: ParamGroup<Options>): State {
    const state = this.state.get(param);
    return state && this.#on_demand.length === 0 ? state : this.#completed(state, param, group);
  }

  #completed(known: State | undefined, param: ParameterLike, group: ParamGroup<Options>): State {
    const state = known ?? ({} as State);
    complete(state as Values, known ? this.#on_demand : this.#entries, param, group);
    if (!known) this.state.set(param, state);
    return state;
  }

  /**
   * Drops all gradients, or sets them to 0, as they are by default on a GPU, where the passes that write
   * them hold on to their buffers.
   */
  zero_grad({ set_to_none }: { set_to_none?: boolean } = {}): void {
    for (const { params } of this.param_groups) {
      for (const param of params) {
        const { place, grad } = param;
        if (set_to_none ?? !place) param.grad = null;
        else if (grad && place?.zero) place.zero(grad);
        else grad?.fill(0);
      }
    }
    this.end_step();
  }

  /** Has everything carried out that was asked of the places where parameters stand. */
  protected end_step(): void {
    for (const { params } of this.param_groups) {
      for (const { place } of params) place?.end_step?.();
    }
  }

  /**
   * Forgets all that is remembered of the parameters, and frees the device memory of it at once. The next
   * step begins anew.
   */
  destroy(): void {
    const known = new Map(this.state);
    this.state.clear();
    this.#free(known);
  }

  /** Frees what was remembered and is no more. */
  #free(known: ReadonlyMap<ParameterLike, object>): void {
    for (const [param, old] of known) param.place?.free?.(param.data, old, this.state.get(param));
  }

  /**
   * Adds a parameter group, for example to train layers that were frozen before. Keys that are no
   * options stay in it as they are.
   *
   * @throws TypeError, RangeError or Error that names the option; nothing has changed then.
   */
  add_param_group(group: ParamGroupOptions<Options>): void {
    const path = `${this.#owner}: param_groups[${this.param_groups.length}]`;
    const { params, ...given } = values_in(path, group);
    const { members, names } = members_of(path, params);
    if (names.length > 0) given.param_names = names;
    const values = this.#options.new_group(`${path}.`, members, given, this.defaults as Values);
    const added = values as ParamGroup<Options>;
    this.check_options(added);
    const seen = new Set<ParameterLike>();
    const again = members.findIndex(
      (param) => this.#has(param) || seen.size === seen.add(param).size,
    );
    if (again >= 0) {
      throw new Error(
        `${this.#owner}: a parameter must stand in one group and once, got ` +
          `params[${again}] of group ${this.param_groups.length} again`,
      );
    }
    for (const [i, param] of members.entries()) this.#admit(param, i, this.param_groups.length);
    this.param_groups.push(added);
  }

  /** Whether a parameter stands in a group. One that was never seen does not, and is not looked for. */
  #has(param: ParameterLike): boolean {
    return (
      this.#lengths.has(param) && this.param_groups.some(({ params }) => params.includes(param))
    );
  }

  /**
   * The state in PyTorch's form, as a plain object that survives JSON.
   *
   * JSON cannot hold the numbers of a large model: with `arrays: "typed"` they stand in typed arrays,
   * copies that no later step changes, which is what `torch-optim-checkpoint` writes.
   */
  state_dict(options?: { arrays?: "json" }): OptimizerState;
  state_dict(options: { arrays: "typed" }): TypedOptimizerState;
  state_dict(options?: { arrays?: "json" | "typed" }): OptimizerState<StateEntry | TypedEntry>;
  state_dict({ arrays = "json" }: { arrays?: "json" | "typed" } = {}) {
    const typed = arrays === "typed";
    if (!typed && arrays !== "json") refuse(`${this.#owner}: arrays`, '"json" or "typed"', arrays);
    const state: OptimizerState<StateEntry | TypedEntry>["state"] = {};
    let index = 0;
    const param_groups = this.param_groups.map((group) => {
      const { params, ...values } = group;
      const indices = params.map((param) => {
        const own = this.state.get(param) as Values | undefined;
        const entries = own ? write_entries(own, this.#entries, param, group, typed) : {};
        if (Object.keys(entries).length > 0) state[index] = entries;
        return index++;
      });
      return { ...plain_values(values), params: indices };
    });
    return { state, param_groups };
  }

  /**
   * Takes up a state, from JSON or from `state_dict()`, be it with typed arrays. Options that a group of
   * it lacks take their default, and other keys that it lacks stay. Everything is checked before anything
   * changes.
   *
   * @throws Error, TypeError or RangeError that names the key.
   */
  load_state_dict(state_dict: object): void {
    const path = `${this.#owner}: state_dict`;
    const saved = values_in(path, state_dict);
    const count = this.param_groups.length;
    const groups = list_in(`${path}.param_groups`, saved.param_groups, count, "groups");
    const states = values_in(`${path}.state`, saved.state);
    const loaded = groups.map((group, g) => this.#read_group(path, group, states, g));
    write_groups(
      this.#owner,
      this.param_groups as object[] as Values[],
      loaded.map(({ values }) => values),
    );
    const known = new Map(this.state) as ReadonlyMap<ParameterLike, Values>;
    this.state.clear();
    for (const [g, group] of this.param_groups.entries()) {
      for (const [param, entries] of loaded[g].states) {
        const state = take_up(known.get(param) ?? {}, entries, this.#entries, param, group);
        this.state.set(param, state as State);
      }
    }
    this.#free(known);
  }

  /** What a state says of a group and of its parameters. */
  #read_group(path: string, saved_group: unknown, states: Values, g: number) {
    const group = this.param_groups[g];
    const at = `${path}.param_groups[${g}]`;
    const { params, ...saved } = values_in(at, saved_group);
    const count = group.params.length;
    const indices = list_in(`${at}.params`, params, count, "parameters");
    const values = this.#options.of_saved(`${at}.`, saved, group as Values, count);
    const loaded = { ...group, ...values };
    const read = new Map<ParameterLike, Values>();
    for (const [i, param] of group.params.entries()) {
      const index = checked(`${at}.params[${i}]`, COUNT, indices[i]);
      if (!Object.hasOwn(states, index)) continue;
      const name = `${path}.state[${index}]`;
      const entries = read_entries(
        name,
        values_in(name, states[index]),
        this.#entries,
        param,
        loaded,
      );
      this.check_state(name, entries as State);
      // Without entries it is as if the parameter had never been updated.
      if (Object.keys(entries).length > 0) read.set(param, entries);
    }
    return { values, states: read };
  }
}

/** What messages call an optimizer. */
export function owner_of(optimizer: object): string {
  const { option_table, name } = optimizer.constructor as typeof Optimizer;
  return option_table?.owner ?? name;
}
