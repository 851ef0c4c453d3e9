import { COUNT, checked, custom, whole_number } from "../../fields.ts";
import { option_table, resolve } from "../../option_table.ts";
import { is_list, refusal, refuse } from "../../refusal.ts";
import {
  keep_groups,
  momentum_by,
  momentum_of,
  own_momentum_of,
  type SchedulableOptimizer,
} from "../param_group.ts";
import { SCHEDULERS } from "./composite_scheduler.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { plan_of, planned_state } from "./plan.ts";
import { type SchedulerState, StateReader } from "./scheduler_state.ts";
import { selected_by } from "./select.ts";

/** Options of `Recipe`. */
export interface RecipeOptions {
  /**
   * The schedules, each on the optimizer or on a selection of it, in any number from 1 on. No two of
   * them move the same option of the same group.
   */
  schedules: readonly LRScheduler[];
  /**
   * The last epoch that was done, a whole number of at least -1, for all of them. Default -1: a fresh
   * start.
   */
  last_epoch?: number;
}

/** The state of a recipe. */
export interface RecipeState {
  /** The epoch in force. */
  readonly last_epoch: number;
  /** The states of its schedules. */
  readonly _schedules: readonly SchedulerState[];
}

const OPTIONS = option_table<Required<RecipeOptions>>("Recipe", {
  schedules: SCHEDULERS,
  last_epoch: whole_number({ min: -1, default: -1 }),
});

/**
 * Everything that a training run schedules, behind one `step()`: several schedules on one optimizer,
 * each of an option of its own of some groups. Building it puts all of them at epoch 0.
 *
 * A step is one step: if a schedule refuses it, none has moved. A metric goes to the schedules that take
 * one, and is required exactly if one of them needs it now.
 *
 * @throws TypeError, RangeError or Error that names the option.
 * @example
 * ```ts
 * const { Recipe, select } = torch.optim.lr_scheduler;
 * const lr = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 90 });
 * const weight_decay = new torch.optim.RampLR(select(optimizer, { option: "weight_decay" }), {
 *   end_factor: 10,
 *   total_iters: 90,
 * });
 * const recipe = new Recipe(optimizer, { schedules: [lr, weight_decay] });
 * recipe.values_at(90); // [{ lr: 0, weight_decay: 0.1 }]
 * ```
 */
export class Recipe {
  /** The optimizer whose parameter groups are scheduled. */
  readonly optimizer: SchedulableOptimizer;
  /** The schedules. */
  readonly schedules: readonly LRScheduler[];
  /** The epoch in force: the number of `step()`s since epoch 0. */
  last_epoch = 0;

  #is_fresh = true;
  /** How many groups there were when it was last seen that each schedule has its own. */
  #known_groups = 0;

  constructor(optimizer: SchedulableOptimizer, options: RecipeOptions) {
    const groups = optimizer?.param_groups;
    if (!Array.isArray(groups)) {
      refuse("Recipe: optimizer", "an object with param_groups", optimizer);
    }
    const { schedules, last_epoch } = resolve(OPTIONS, options);
    this.optimizer = optimizer;
    this.schedules = schedules;
    for (const { optimizer: own } of schedules) {
      if (selected_by(own).optimizer === optimizer) continue;
      throw new Error("Recipe: schedules must be of its optimizer, got one of another");
    }
    this.#check_groups();
    const epoch = last_epoch + 1;
    this.#attempt(() => {
      for (const schedule of schedules) schedule.load_state_dict(planned_state(schedule, epoch));
    });
    this.last_epoch = epoch;
    this.#is_fresh = epoch === 0;
  }

  /** Whether `step` ever takes a metric. */
  get takes_metrics(): boolean {
    return this.schedules.some((schedule) => schedule.takes_metrics);
  }

  /**
   * Moves all schedules to the next epoch. If one of them cannot, nothing has changed.
   *
   * @param metric - For the schedules that take one.
   * @throws TypeError if a metric is missing, or given and no schedule takes any.
   */
  step(metric?: number): void {
    this.#check_metric(metric);
    if (this.#known_groups !== this.optimizer.param_groups.length) this.#check_groups();
    if (this.#is_fresh && this.optimizer.stepped === false) {
      console.warn("Recipe: step() came before optimizer.step()");
    }
    this.#is_fresh = false;
    this.#attempt(() => {
      for (const schedule of this.schedules) {
        if (schedule.takes_metrics) schedule.step(metric);
        else schedule.step();
      }
    });
    this.last_epoch += 1;
  }

  /**
   * What is planned for an epoch: for every group the options that are moved in it, by their names as in
   * `select`, the momentum also where it is cycled. It touches nothing.
   *
   * @throws RangeError unless `epoch` is a whole number from 0 on; Error where metrics decide.
   */
  values_at(epoch: number): Record<string, number>[] {
    checked("Recipe: epoch", COUNT, epoch);
    const values: Record<string, number>[] = this.optimizer.param_groups.map(() => ({}));
    for (const schedule of this.schedules) {
      const { option, indices } = selected_by(schedule.optimizer);
      const lrs = schedule.lr_at(epoch);
      const momenta = momenta_at(schedule, epoch);
      // A group that was added since has yet to join.
      for (const [i, lr] of lrs.entries()) {
        values[indices[i]][option] = lr;
        if (momenta) values[indices[i]].momentum = momenta[i];
      }
    }
    return values;
  }

  /** The state as a plain object that survives JSON. */
  state_dict(): RecipeState {
    const _schedules = this.schedules.map((schedule) => schedule.state_dict());
    return { last_epoch: this.last_epoch, _schedules };
  }

  /**
   * Takes up a state: options, epoch, and the values in force. Everything is checked before anything
   * changes.
   *
   * @throws Error, TypeError or RangeError that names the key.
   */
  load_state_dict(state: object): void {
    const reader = new StateReader("Recipe: state_dict", state);
    const last_epoch = reader.checked("last_epoch", COUNT);
    const { length } = this.schedules;
    const wanted = custom<object[]>(`a list of ${length} states`, (list) =>
      is_list(list, () => true, length, length),
    );
    const states = reader.checked("_schedules", wanted);
    this.#attempt(() => {
      for (const [i, schedule] of this.schedules.entries()) {
        schedule.load_state_dict(states[i]);
        if (schedule.last_epoch === last_epoch) continue;
        const path = `${reader.path}._schedules[${i}].last_epoch`;
        refuse(path, `${last_epoch}, as around it`, schedule.last_epoch, RangeError);
      }
    });
    this.last_epoch = last_epoch;
    this.#is_fresh = false;
  }

  #check_metric(metric: unknown): void {
    const is_needed = this.schedules.some(({ motion }) => motion.needs_metric?.());
    if (!this.takes_metrics && metric !== undefined) {
      const expected = "left out, as no schedule takes one";
      throw new TypeError(`Recipe: metric ${refusal(expected, metric)}`);
    }
    if ((is_needed || metric !== undefined) && typeof metric !== "number") {
      throw new TypeError(`Recipe: metric ${refusal("a number", metric)}`);
    }
  }

  /** Refuses schedules of which two move the same option of the same group. */
  #check_groups(): void {
    const moved = new Set<string>();
    for (const schedule of this.schedules) {
      const { option, indices } = selected_by(schedule.optimizer);
      const options = schedule.motion.momenta ? [option, "momentum"] : [option];
      for (const what of options.flatMap((each) => indices.map((g) => each_of(each, g)))) {
        if (moved.has(what)) {
          throw new Error(
            `Recipe: schedules must move each option of a group once, got ${what} twice`,
          );
        }
        moved.add(what);
      }
    }
    this.#known_groups = this.optimizer.param_groups.length;
  }

  /** Does something that, if it throws, leaves schedules and groups as they were. */
  #attempt(act: () => void): void {
    const put_back = keep_groups(this.optimizer.param_groups);
    const before = this.schedules.map(({ motion }) => motion.state());
    try {
      act();
    } catch (error) {
      for (const [i, { motion }] of this.schedules.entries()) {
        motion.load(new StateReader("Recipe", before[i]));
      }
      put_back();
      throw error;
    }
  }
}

function each_of(option: string, g: number): string {
  return `${option} of parameter group ${g}`;
}

/** The momentum of every group of a schedule at an epoch, if it is cycled. */
function momenta_at(schedule: LRScheduler, epoch: number): number[] | undefined {
  if (!schedule.motion.momenta) return undefined;
  const plan = plan_of(schedule);
  plan.at(epoch);
  return schedule.optimizer.param_groups.map((group, g) => {
    const momentum = momentum_by(plan, g);
    return Number.isNaN(momentum) ? (own_momentum_of(group) ?? momentum_of(group) ?? 0) : momentum;
  });
}
