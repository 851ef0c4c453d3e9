import { is_object, read, refusal } from "../../../refusal.ts";
import type { SchedulableGroup, SchedulableOptimizer } from "../../param_group.ts";
import { ConstantLR } from "../constant_lr.ts";
import type { LRScheduler } from "../lr_scheduler.ts";
import { FUNCTION, plain_data } from "./plain_data.ts";
import { join, Problems } from "./problems.ts";
import {
  class_of,
  fields_of,
  option_table_of,
  type SchedulerClass,
  suggestion,
} from "./registry.ts";
import type { SpecProblem } from "./spec_error.ts";

type Options = Record<string, unknown>;

/** Options of `check_spec`. */
export interface CheckSpecOptions {
  /**
   * The number of parameter groups of the optimizer that the spec is meant for. Default: as many
   * as the spec's lists have, or 1.
   */
  groups?: number;
}

/**
 * Everything that is wrong with a spec, each with its path; an empty list if it is sound.
 *
 * @example
 * ```ts
 * check_spec({ type: "StepLR", step_size: "90" });
 * // [{ path: "step_size", message: 'must be a whole number of at least 1, got "90"' }]
 * ```
 */
export function check_spec(spec: unknown, options: CheckSpecOptions = {}): SpecProblem[] {
  const problems = new Problems();
  const data = plain_spec(spec, problems);
  const { groups = count_groups(data) } = options;
  const param_groups = Array.from({ length: groups }, () => ({ lr: 1, momentum: 0.9 }));
  build({ param_groups }, data, "", problems);
  return problems.list();
}

/** A spec as data of our own, without the note that tells editors which schema it follows. */
export function plain_spec(spec: unknown, problems: Problems): unknown {
  const data = plain_data(spec, "", problems);
  if (!is_object(data)) return data;
  const { $schema, ...rest } = data as Options;
  return typeof $schema === "string" ? rest : data;
}

/** An optimizer like another one, to try a spec on. */
export function trial_optimizer(groups: readonly SchedulableGroup[]): SchedulableOptimizer {
  return {
    param_groups: groups.map((group) => ({
      ...group,
      ...(group.betas ? { betas: [...group.betas] } : {}),
    })),
  };
}

/** Builds what plain data describes, the schedulers inside first, and notes all that is wrong. */
export function build(
  optimizer: SchedulableOptimizer,
  spec: unknown,
  path: string,
  problems: Problems,
): LRScheduler | undefined {
  if (!is_object(spec)) return problems.add(path, refusal("an object with a type", spec));
  const { type, ...options } = spec as Options;
  if (Array.isArray(options.schedulers)) {
    options.schedulers = options.schedulers.map(
      (child, i) =>
        build(optimizer, child, `${join(path, "schedulers")}[${i}]`, problems) ??
        // In place of a child that is wrong, so that the rest can be judged.
        new ConstantLR(optimizer, { factor: 1 }),
    );
  }
  const scheduler_class = class_of(type);
  if (scheduler_class === undefined) {
    const wanted = refused("the name of a scheduler", type);
    return problems.add(join(path, "type"), `${wanted}; ${suggestion(type)}`);
  }
  const { schedulers, ...own } = options;
  const wrong = wrong_options(scheduler_class, options, optimizer.param_groups.length);
  for (const [option, message] of wrong) problems.add(join(path, option), message);
  const is_refused = Object.keys(own).some((option) => problems.has(join(path, option)));
  if (is_refused || wrong.length > 0) return undefined;
  return construct(scheduler_class, optimizer, options, path, problems);
}

function wrong_options(
  scheduler_class: SchedulerClass,
  options: Options,
  groups: number,
): [option: string, message: string][] {
  const fields = option_table_of(scheduler_class);
  const wrong = fields ? fields.problems(options, groups) : unnamed_options(options);
  const table = fields_of(scheduler_class);
  return wrong.map(({ option, message }) => {
    if (option === "last_epoch") return [option, "belongs to the state, not to a spec"];
    if (!Object.hasOwn(table, option)) return [option, message];
    if (table[option].kind.type === "function") return [option, FUNCTION];
    const is_missing = !Object.hasOwn(options, option);
    return [option, is_missing ? refused(table[option].expected, undefined) : message];
  });
}

/** A class without a table takes any options, as long as they have names. */
function unnamed_options(options: Options): { option: string; message: string }[] {
  return Object.keys(options)
    .filter((option) => option === "last_epoch" || !/^[A-Za-z]\w*$/.test(option))
    .map((option) => ({ option, message: "is not the name of an option" }));
}

function refused(expected: string, value: unknown): string {
  return value === undefined ? `must be ${expected}, but is missing` : refusal(expected, value);
}

/** The constructor has the last word: it knows which options contradict each other. */
function construct(
  scheduler_class: SchedulerClass,
  optimizer: SchedulableOptimizer,
  options: Options,
  path: string,
  problems: Problems,
): LRScheduler | undefined {
  try {
    return new scheduler_class(optimizer, options as never);
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    const message = sentence.replace(`${option_table_of(scheduler_class)?.owner}: `, "");
    const [option] = message.split(" ", 1);
    return Object.hasOwn(fields_of(scheduler_class), option)
      ? problems.add(join(path, option), message.slice(option.length + 1))
      : problems.add(path, message);
  }
}

/** The length of the longest list that gives every parameter group its own value. */
function count_groups(spec: unknown): number {
  if (!is_object(spec)) return 1;
  const scheduler_class = class_of(read(spec, "type"));
  const table = scheduler_class ? fields_of(scheduler_class) : {};
  const children = read(spec, "schedulers");
  const lengths = Object.entries(spec).map(([option, value]) =>
    Array.isArray(value) && Object.hasOwn(table, option) && table[option].per_group
      ? value.length
      : 1,
  );
  const inside = Array.isArray(children) ? children.map(count_groups) : [];
  return [...lengths, ...inside].reduce((a, b) => Math.max(a, b), 1);
}
