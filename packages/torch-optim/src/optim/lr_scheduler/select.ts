import { custom, type Field } from "../../fields.ts";
import { type OptionTable, option_table, resolve } from "../../option_table.ts";
import { is_list, refuse } from "../../refusal.ts";
import {
  has_betas,
  option_of,
  type SchedulableGroup,
  type SchedulableOptimizer,
  SelectedGroup,
} from "../param_group.ts";

/** Options of `select`. */
export interface SelectOptions {
  /**
   * The option that is moved: any of the groups' that is a finite number, and no count. `"momentum"`
   * means beta1 where a group has betas. Default `"lr"`.
   */
  option?: string;
  /**
   * The groups: indices, or names that groups carry as `name`, each of which stands for every group
   * that carries it. They are taken in the optimizer's order. Default: all of them, and those added
   * later.
   */
  groups?: readonly (number | string)[] | null;
}

const OPTIONS = option_table<Required<SelectOptions>>("select", {
  option: custom("a string", (value) => typeof value === "string", "lr"),
  groups: custom("a list of at least one index or name", are_groups, null),
});

/** The options of every optimizer's groups that were selected, by what was selected of them. */
const selections = new WeakMap<SchedulableOptimizer, Map<string, Selection>>();

/**
 * Stands in for an optimizer: what a scheduler on it moves as `lr` is one option of some groups. All
 * that holds for lrs holds for it. Its base value is the group's own at the time, which is noted in the
 * group as `initial_<option>` (of `momentum`, as the cyclic schedulers note it).
 *
 * The same optimizer, option and groups give the same selection; without an option and groups, the
 * optimizer itself. Where the optimizer is one of this library, each value must pass the option's own
 * check before any is written. On an option other than `lr`, the cyclic schedulers need
 * `cycle_momentum: false`.
 *
 * @throws TypeError, RangeError or Error that names what cannot be selected.
 * @example
 * ```ts
 * // Weight decay rises to ten times its value, along half a cosine.
 * const weight_decay = torch.optim.lr_scheduler.select(optimizer, { option: "weight_decay" });
 * const scheduler = new torch.optim.RampLR(weight_decay, {
 *   end_factor: 10,
 *   total_iters: 100,
 *   shape: "cosine",
 * });
 * ```
 */
export function select(
  optimizer: SchedulableOptimizer,
  options: SelectOptions = {},
): SchedulableOptimizer {
  const groups = optimizer?.param_groups;
  if (!Array.isArray(groups)) {
    refuse("select: optimizer", "an object with param_groups", optimizer);
  }
  if (optimizer.check_next) throw new Error("select: optimizer must be no selection, got one");
  const { option, groups: names } = resolve(OPTIONS, options);
  const indices = names && indices_of(groups, names);
  for (const g of indices ?? groups.keys()) check_option(optimizer, g, option);
  if (option === "lr" && indices === null) return optimizer;
  const known = selections.get(optimizer) ?? new Map<string, Selection>();
  selections.set(optimizer, known);
  const key = `${option} of ${indices}`;
  const selection = known.get(key) ?? new Selection(optimizer, option, indices);
  known.set(key, selection);
  return selection;
}

/** Which option of which groups a scheduler on an optimizer, or on a selection of one, moves. */
export function selected_by(optimizer: SchedulableOptimizer): {
  readonly optimizer: SchedulableOptimizer;
  readonly option: string;
  /** The groups, if they were named; without, all that there are. */
  readonly named: readonly number[] | null;
  readonly indices: readonly number[];
} {
  return optimizer instanceof Selection
    ? optimizer
    : { optimizer, option: "lr", named: null, indices: [...optimizer.param_groups.keys()] };
}

class Selection implements SchedulableOptimizer {
  readonly optimizer: SchedulableOptimizer;
  readonly option: string;
  readonly named: readonly number[] | null;
  /** What stands in for each of them. */
  readonly #groups: SchedulableGroup[] = [];
  /** Every group as it would be, for checks that look at several options. */
  readonly #trial: Record<string, unknown> = {};

  constructor(optimizer: SchedulableOptimizer, option: string, named: readonly number[] | null) {
    this.optimizer = optimizer;
    this.option = option;
    this.named = named;
  }

  get indices(): readonly number[] {
    const all = [...this.optimizer.param_groups.keys()];
    return this.named?.filter((g) => g < all.length) ?? all;
  }

  get stepped(): boolean | undefined {
    return this.optimizer.stepped;
  }

  get param_groups(): readonly SchedulableGroup[] {
    const { param_groups } = this.optimizer;
    const groups = this.#groups;
    const count = this.named?.length ?? param_groups.length;
    let i = 0;
    for (; i < count && this.#index(i) < param_groups.length; i++) {
      // Groups may be put in place of others: what is an lr is read anew, what stands in looks it up.
      if (this.option === "lr") groups[i] = param_groups[this.#index(i)];
      else groups[i] ??= new SelectedGroup(this.optimizer, this.#index(i), this.option);
    }
    groups.length = i;
    return groups;
  }

  check_next(name: string, lrs: readonly number[], epoch: number): void {
    for (let i = 0; i < lrs.length; i++) {
      const g = this.#index(i);
      const group = this.optimizer.param_groups[g];
      const path = `${name}: ${this.option} of parameter group ${g} at epoch ${epoch}`;
      check_value(path, this.optimizer, group, this.option, lrs[i]);
      this.#check_together(path, group, lrs[i]);
    }
  }

  /** The number of a group at the optimizer. */
  #index(i: number): number {
    return this.named?.[i] ?? i;
  }

  /** Refuses what contradicts the group's other options. */
  #check_together(path: string, group: SchedulableGroup, value: number): void {
    const { check_options } = this.optimizer as Checking;
    if (!check_options) return;
    Object.assign(this.#trial, group, { [this.option]: value });
    try {
      check_options.call(this.optimizer, this.#trial);
    } catch (cause) {
      throw new Error(`${path} is refused, got ${value}; ${(cause as Error).message}`, { cause });
    }
  }
}

/** What an optimizer of this library checks its groups' options by. */
interface Checking {
  check_options?(options: object): void;
}

/** What an option of an optimizer's groups may be, if it is one of this library. */
function field_of(optimizer: SchedulableOptimizer, option: string): Field<unknown> | undefined {
  const { option_table } = optimizer.constructor as { option_table?: OptionTable<object> };
  return (option_table?.table as Record<string, Field<unknown>> | undefined)?.[option];
}

function check_value(
  path: string,
  optimizer: SchedulableOptimizer,
  group: SchedulableGroup,
  option: string,
  value: number,
): void {
  const is_beta = option === "momentum" && has_betas(group);
  const field = is_beta || option === "lr" ? undefined : field_of(optimizer, option);
  const is_allowed = field
    ? field.valid(value, 1)
    : Number.isFinite(value) && !(is_beta && (value < 0 || value >= 1));
  if (is_allowed) return;
  const expected = is_beta ? "from 0 to below 1, as beta1" : (field?.expected ?? "a finite number");
  refuse(path, expected, value, RangeError);
}

/** Refuses an option that a group has not, or that is not one to be moved. */
function check_option(optimizer: SchedulableOptimizer, g: number, option: string): void {
  const group = optimizer.param_groups[g];
  const is_number = Object.hasOwn(group, option) || option === "momentum";
  const is_count = field_of(optimizer, option)?.type === "whole" || option.startsWith("initial_");
  if (is_number && !is_count && Number.isFinite(option_of(group, option))) return;
  refuse(
    "select: option",
    `one that parameter group ${g} has as a finite number, and no count`,
    option,
    Error,
  );
}

function are_groups(value: unknown): boolean {
  const is_one = (group: unknown) => typeof group === "string" || Number.isSafeInteger(group);
  return value === null || is_list(value, is_one, 1);
}

/** The numbers of groups, in their order. */
function indices_of(
  groups: readonly SchedulableGroup[],
  names: readonly (number | string)[],
): number[] {
  const wanted = new Set<unknown>(names);
  const named = groups.map((group, g) => called(group, g).filter((name) => wanted.has(name)));
  if (new Set(named.flat()).size < wanted.size) {
    refuse("select: groups", "groups that the optimizer has", names, RangeError);
  }
  return [...groups.keys()].filter((g) => named[g].length > 0);
}

/** What a group can be selected by. */
function called(group: SchedulableGroup & { name?: unknown }, g: number): (number | string)[] {
  return typeof group.name === "string" ? [g, group.name] : [g];
}
