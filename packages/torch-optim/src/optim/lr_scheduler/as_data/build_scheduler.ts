import { no_option } from "../../../option_table.ts";
import { is_object, read, refusal, shorten, show } from "../../../refusal.ts";
import type { SchedulableOptimizer } from "../../param_group.ts";
import type { SchedulerClass } from "../catalogue.ts";
import { ConstantLR } from "../constant_lr.ts";
import type { LRScheduler } from "../lr_scheduler.ts";
import { FUNCTION } from "./plain_data.ts";
import { type Problems, path_to, path_to_item } from "./problems.ts";
import { entry_of, fields_of, option_table_of, suggestion } from "./registry.ts";
import { visible } from "./visible.ts";

type Options = Record<string, unknown>;

/** How many learning rates a spec's schedulers may have, each one for every parameter group. */
export const MOST_LRS = 100_000;
const OF_STATE = "belongs to the state, not to a spec";
/** How much of what a class of the user's own says is told. */
const LONGEST_SENTENCE = 500;

/** Builds the scheduler that plain data describes, if it is sound, and notes all that is wrong. */
export function build_scheduler(
  optimizer: SchedulableOptimizer,
  data: unknown,
  problems: Problems,
  path = "",
): LRScheduler | undefined {
  return are_few(optimizer, [data], path, problems)
    ? build(optimizer, data, path, problems)
    : undefined;
}

/** Whether the schedulers of several data have no more learning rates than a spec may; notes it if not. */
export function are_few(
  optimizer: SchedulableOptimizer,
  data: readonly unknown[],
  path: string,
  problems: Problems,
): boolean {
  const groups = optimizer.param_groups.length;
  const schedulers = data.reduce<number>((count, each) => count + count_schedulers(each), 0);
  if (groups * schedulers <= MOST_LRS) return true;
  const numbers = `${schedulers} schedulers for ${groups} parameter groups`;
  problems.add(path, `must have at most ${MOST_LRS} learning rates, got ${numbers}`);
  return false;
}

function count_schedulers(data: unknown): number {
  const children = is_object(data) ? read(data, "schedulers") : undefined;
  if (!Array.isArray(children)) return 1;
  return children.reduce<number>((count, child) => count + count_schedulers(child), 1);
}

/** Builds one of the schedulers, those inside it first. */
function build(
  optimizer: SchedulableOptimizer,
  data: unknown,
  path: string,
  problems: Problems,
): LRScheduler | undefined {
  if (problems.are_too_many) return undefined;
  if (!is_object(data)) return problems.add(path, refusal("an object with a type", data));
  const { type, ...options } = data as Options;
  if (Array.isArray(options.schedulers)) {
    options.schedulers = options.schedulers.map(
      (child, i) =>
        build(optimizer, child, path_to_item(path_to(path, "schedulers"), i), problems) ??
        // In place of a child that is wrong, so that the rest can be judged.
        new ConstantLR(optimizer, { factor: 1 }),
    );
  }
  const scheduler_class = entry_of(type)?.scheduler;
  if (scheduler_class === undefined) {
    const wanted = refused("the name of a scheduler", type);
    return problems.add(path_to(path, "type"), `${wanted}; ${suggestion(type)}`);
  }
  const { schedulers, ...own } = options;
  const wrong = wrong_options(scheduler_class, options, optimizer.param_groups.length);
  for (const [option, message] of wrong) problems.add(path_to(path, option), message);
  const is_refused = Object.keys(own).some((option) => problems.has(path_to(path, option)));
  if (is_refused || wrong.length > 0) return undefined;
  return construct(scheduler_class, optimizer, options, path, problems);
}

function wrong_options(
  scheduler_class: SchedulerClass,
  options: Options,
  groups: number,
): [option: string, message: string][] {
  if (!option_table_of(scheduler_class)) return unnamed_options(options);
  const fields = fields_of(scheduler_class);
  const strangers = Object.keys(options).filter((option) => !Object.hasOwn(fields, option));
  const wrong = Object.entries(fields).flatMap(([option, field]): [string, string][] => {
    const { [option]: value = field.default } = options;
    if (field.valid(value, groups)) return [];
    return [[option, field.type === "function" ? FUNCTION : refused(field.expected, value)]];
  });
  return [
    ...strangers.map((option): [string, string] => [option, stranger(option, fields)]),
    ...wrong,
  ];
}

function stranger(option: string, fields: object): string {
  return option === "last_epoch" ? OF_STATE : no_option(fields);
}

/** A class without a table takes any options, as long as they have names. */
function unnamed_options(options: Options): [option: string, message: string][] {
  return Object.keys(options)
    .filter((option) => option === "last_epoch" || !/^[A-Za-z]\w*$/.test(option))
    .map((option) => [option, option === "last_epoch" ? OF_STATE : "is not the name of an option"]);
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
    const sentence = error instanceof Error ? String(error.message) : show(error);
    const own = sentence.replace(`${option_table_of(scheduler_class)?.owner}: `, "");
    const message = visible(shorten(own, LONGEST_SENTENCE));
    const [place = "", option = "", index = ""] = /^(\w+)(\[\d+\])? /.exec(message) ?? [];
    return Object.hasOwn(fields_of(scheduler_class), option)
      ? problems.add(path_to(path, option) + index, message.slice(place.length))
      : problems.add(path, message);
  }
}
