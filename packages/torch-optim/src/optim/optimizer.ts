import { checked, number } from "../fields.ts";
import type { OptionTable } from "../option_table.ts";
import {
  check_grad,
  is_numbers,
  is_parameter,
  type Numbers,
  type ParameterLike,
} from "../parameter.ts";
import { is_object, read, refusal } from "../refusal.ts";
import {
  fields_of,
  type OptimizerState,
  type StateFields,
  take_up,
  write_entry,
} from "./optimizer_state.ts";
import type { SchedulableGroup } from "./param_group.ts";

/** What every optimizer takes. */
export interface OptimizerOptions {
  /** The learning rate, a finite number of at least 0. */
  lr?: number;
}

/** Parameters that share options; what is left out is as the optimizer's own options say. */
export type ParamGroupOptions<Options> = Options & { params: readonly ParameterLike[] };

/** Parameters, or groups of them. */
export type Params<Options> = readonly ParameterLike[] | readonly ParamGroupOptions<Options>[];

/** A parameter group: its parameters, its options, and what schedulers note. */
export type ParamGroup<Options> = Required<Options> &
  SchedulableGroup & { params: ParameterLike[] };

/** The lr in force, which a scheduler may leave below 0, be it by rounding. */
const LR_IN_FORCE = number();

/** What schedulers note in a group, and a state carries along. */
const NOTES = ["initial_lr", "initial_momentum", "initial_betas", "swa_lr"] as const;

/**
 * The base of all optimizers: the parameter groups with their options, the state of every
 * parameter, and the step that takes each parameter's gradient to the subclass's `update`.
 *
 * `State` is what the optimizer remembers of one parameter, under PyTorch's keys.
 */
export abstract class Optimizer<
  Options extends OptimizerOptions = OptimizerOptions,
  State extends object = object,
> {
  /** The parameter groups; their options are read at every step. */
  readonly param_groups: ParamGroup<Options>[] = [];
  /** The options of groups that do not say otherwise. */
  readonly defaults: Required<Options>;
  /** The state of every parameter that was updated. */
  readonly state = new Map<ParameterLike, State>();
  /** Whether `step()` was ever called. */
  stepped = false;

  protected readonly fields: OptionTable<Required<Options>>;

  constructor(params: Params<Options>, options: Options, fields: OptionTable<Required<Options>>) {
    this.fields = fields;
    this.defaults = fields.resolve(options, 1);
    this.check_options(this.defaults);
    if (!Array.isArray(params) || params.length === 0) {
      const wanted = refusal("a list of at least one parameter or group", params);
      throw new TypeError(`${fields.owner}: params ${wanted}`);
    }
    const is_flat = params.every(is_parameter);
    const groups = (is_flat ? [{ params }] : params) as ParamGroupOptions<Options>[];
    for (const group of groups) this.add_param_group(group);
  }

  /** Changes a parameter's data by its gradient. */
  protected abstract update(param: ParameterLike, grad: Numbers, group: ParamGroup<Options>): void;

  /** The entries of a parameter's state, as far as its group's options ask for them. */
  protected abstract state_fields(
    group: ParamGroup<Options>,
    param: ParameterLike,
  ): Partial<StateFields<State>>;

  /** Begins the state of a parameter that is updated for the first time. */
  protected begin(param: ParameterLike, group: ParamGroup<Options>): State {
    const state: Record<string, unknown> = {};
    for (const [key, field] of fields_of(this.state_fields(group, param))) {
      state[key] = field.initial(param);
    }
    this.state.set(param, state as State);
    return state as State;
  }

  /** Refuses options that contradict each other. */
  protected check_options(_options: Required<Options>): void {}

  /** Refuses a state whose entries, as `saved` and as read, contradict each other. */
  protected check_state(_name: string, _state: State, _saved: object): void {}

  /** Refuses a parameter that the optimizer has no way to update, by a sentence begun by `name`. */
  protected check_param(_name: string, _param: ParameterLike): void {}

  /**
   * Updates every parameter that has a gradient.
   *
   * @param closure - Evaluated first, usually to compute the gradients.
   * @returns What the closure returns: the loss.
   * @throws RangeError if a gradient is not as long as its parameter; nothing has changed then.
   */
  step(): undefined;
  step<Loss>(closure: () => Loss): Loss;
  step<Loss>(closure?: () => Loss): Loss | undefined {
    const loss = closure?.();
    this.check_gradients();
    this.stepped = true;
    for (const group of this.param_groups) {
      const { params } = group;
      for (let i = 0; i < params.length; i++) {
        const { grad } = params[i];
        if (grad !== null) this.update(params[i], grad, group);
      }
    }
    return loss;
  }

  /** Refuses gradients that do not fit their parameters. */
  protected check_gradients(): void {
    for (let g = 0; g < this.param_groups.length; g++) {
      const { params } = this.param_groups[g];
      for (let i = 0; i < params.length; i++) {
        const { data, grad } = params[i];
        if (grad === null || grad?.length === data.length) continue;
        check_grad(`${this.fields.owner}: grad of parameter ${i} of group ${g}`, grad, data);
      }
    }
  }

  /** Drops all gradients, or sets them to 0. */
  zero_grad({ set_to_none = true }: { set_to_none?: boolean } = {}): void {
    for (const { params } of this.param_groups) {
      for (const param of params) {
        if (set_to_none) param.grad = null;
        else param.grad?.fill(0);
      }
    }
  }

  /**
   * Adds a parameter group, for example to train layers that were frozen before.
   *
   * @throws TypeError, RangeError or Error that names the option; nothing has changed then.
   */
  add_param_group(group: ParamGroupOptions<Options>): void {
    const { owner } = this.fields;
    if (!is_object(group) || !Array.isArray(group.params) || !group.params.every(is_parameter)) {
      const wanted = refusal("{ params: [{ data, grad }, …], … }", group);
      throw new TypeError(`${owner}: a parameter group ${wanted}`);
    }
    const { params, ...given } = group;
    const notes: Record<string, unknown> = {};
    const options: Record<string, unknown> = { ...this.defaults };
    for (const [key, value] of Object.entries(given)) {
      if (NOTES.includes(key as (typeof NOTES)[number])) notes[key] = value;
      else options[key] = value;
    }
    const resolved = this.fields.resolve(options, 1);
    this.check_options(resolved);
    const known = new Set(this.param_groups.flatMap((other) => other.params));
    for (const [i, param] of params.entries()) {
      this.check_param(`${owner}: parameter ${i} of group ${this.param_groups.length}`, param);
      if (known.has(param)) {
        throw new Error(
          `${owner}: a parameter must stand in one group and once, got parameter ${i} of group ` +
            `${this.param_groups.length} for the second time`,
        );
      }
      known.add(param);
    }
    // Not spread: V8 gives a spread object fields for which every number written makes an object.
    const added = Object.assign({ params: [...params] }, resolved, notes);
    this.param_groups.push(added as unknown as ParamGroup<Options>);
  }

  /** The state as a plain object that survives JSON, in PyTorch's form. */
  state_dict(): OptimizerState {
    const state: OptimizerState["state"] = {};
    const param_groups: OptimizerState["param_groups"] = [];
    let index = 0;
    for (const group of this.param_groups) {
      const { params, ...options } = group;
      const indices: number[] = [];
      for (const param of params) {
        const entries = this.#entries_of(param, group);
        if (entries.length > 0) {
          state[index] = Object.fromEntries(
            entries.map(([key, entry]) => [key, write_entry(entry)]),
          );
        }
        indices.push(index++);
      }
      param_groups.push({ ...structuredClone(options), params: indices });
    }
    return { state, param_groups };
  }

  /** A parameter's state, with what an option that was turned on since will begin with. */
  #entries_of(param: ParameterLike, group: ParamGroup<Options>): [string, unknown][] {
    const state = this.state.get(param);
    if (!state) return [];
    const entries = Object.entries(state);
    for (const [key, field] of fields_of(this.state_fields(group, param))) {
      if (read(state, key) === undefined) entries.push([key, field.initial(param)]);
    }
    return entries;
  }

  /**
   * Takes up a state, from JSON or from `state_dict()`. Everything is checked before anything
   * changes.
   *
   * @throws Error, TypeError or RangeError that names the key.
   */
  load_state_dict(state_dict: object): void {
    const { owner } = this.fields;
    const groups = read_list(owner, state_dict, "param_groups");
    if (groups.length !== this.param_groups.length) {
      throw new Error(
        `${owner}: state_dict.param_groups must have ${this.param_groups.length} groups, ` +
          `got ${groups.length}`,
      );
    }
    const states = read(state_dict, "state");
    if (!is_object(states)) {
      throw new TypeError(`${owner}: state_dict.state ${refusal("an object", states)}`);
    }
    const loaded = groups.map((saved, g) => this.#read_group(saved, states, g));
    const known = new Map(this.state);
    this.state.clear();
    for (const [g, { options, entries }] of loaded.entries()) {
      const group = Object.assign(this.param_groups[g], options);
      for (const [param, state] of entries) {
        const fields = this.state_fields(group, param);
        this.state.set(param, take_up(param, fields, state, known.get(param)));
      }
    }
  }

  #read_group(saved: unknown, states: object, g: number) {
    const { owner, table } = this.fields;
    const path = `state_dict.param_groups[${g}]`;
    const group = this.param_groups[g];
    const indices = read_list(owner, saved, "params", path);
    if (indices.length !== group.params.length) {
      throw new Error(
        `${owner}: ${path}.params must have ${group.params.length} parameters, got ${indices.length}`,
      );
    }
    const given: Record<string, unknown> = {};
    for (const key of Object.keys(table)) {
      given[key] = read(saved as object, key);
      if (given[key] === undefined) throw new Error(`${owner}: ${path}.${key} is missing`);
    }
    const lr = checked(`${owner}: ${path}.lr`, LR_IN_FORCE, given.lr);
    const options: Record<string, unknown> = { ...this.fields.resolve({ ...given, lr: 0 }, 1), lr };
    for (const key of NOTES) {
      const note = read(saved as object, key);
      if (note !== undefined) options[key] = check_note(`${owner}: ${path}.${key}`, note);
    }
    const loaded = { ...group, ...options };
    const entries: [ParameterLike, State][] = [];
    for (const [i, index] of indices.entries()) {
      const state = read(states, String(index));
      if (state === undefined) continue;
      const at = `${owner}: state_dict.state[${index}]`;
      if (!is_object(state)) throw new TypeError(`${at} ${refusal("an object", state)}`);
      const param = group.params[i];
      const taken: Record<string, unknown> = {};
      for (const [key, field] of fields_of(this.state_fields(loaded, param))) {
        const value = read(state, key);
        if (value === undefined && !field.optional) throw new Error(`${at}.${key} is missing`);
        taken[key] =
          value === undefined ? field.initial(param) : field.read(`${at}.${key}`, value, param);
      }
      this.check_state(at, taken as State, state);
      // Without entries it is as if the parameter had never been updated.
      if (Object.keys(taken).length > 0) entries.push([param, taken as State]);
    }
    return { options, entries };
  }
}

function read_list(owner: string, object: unknown, key: string, path = "state_dict"): unknown[] {
  if (!is_object(object)) throw new TypeError(`${owner}: ${path} ${refusal("an object", object)}`);
  const list = read(object, key);
  if (!Array.isArray(list)) {
    throw new TypeError(`${owner}: ${path}.${key} ${refusal("a list", list)}`);
  }
  return list;
}

function check_note(name: string, note: unknown): number | number[] {
  const numbers = Array.isArray(note) ? note : [note];
  if (!is_numbers(numbers) || !numbers.every(Number.isFinite)) {
    throw new TypeError(`${name} ${refusal("a finite number or two", note)}`);
  }
  return Array.isArray(note) ? [...note] : (note as number);
}
