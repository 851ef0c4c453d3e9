import type { Field } from "../../../fields.ts";
import type { OptionTable } from "../../../option_table.ts";
import { refusal, show } from "../../../refusal.ts";
import type { SchedulableOptimizer } from "../../param_group.ts";
import { ChainedScheduler } from "../chained_scheduler.ts";
import { ConstantLR } from "../constant_lr.ts";
import { CosineAnnealingLR } from "../cosine_annealing_lr.ts";
import { CosineAnnealingWarmRestarts } from "../cosine_annealing_warm_restarts.ts";
import { CyclicLR } from "../cyclic_lr.ts";
import { ExponentialLR } from "../exponential_lr.ts";
import { LambdaLR } from "../lambda_lr.ts";
import { LinearLR } from "../linear_lr.ts";
import { LRScheduler } from "../lr_scheduler.ts";
import { MultiStepLR } from "../multi_step_lr.ts";
import { MultiplicativeLR } from "../multiplicative_lr.ts";
import { OneCycleLR } from "../one_cycle_lr.ts";
import { PolynomialLR } from "../polynomial_lr.ts";
import { ReduceLROnPlateau } from "../reduce_lr_on_plateau.ts";
import { SequentialLR } from "../sequential_lr.ts";
import { StepLR } from "../step_lr.ts";
import { ConstantSchedule } from "../transformers/constant_schedule.ts";
import { ConstantScheduleWithWarmup } from "../transformers/constant_schedule_with_warmup.ts";
import { CosineScheduleWithWarmup } from "../transformers/cosine_schedule_with_warmup.ts";
import { CosineWithHardRestartsScheduleWithWarmup } from "../transformers/cosine_with_hard_restarts_schedule_with_warmup.ts";
import { CosineWithMinLRScheduleWithWarmup } from "../transformers/cosine_with_min_lr_schedule_with_warmup.ts";
import { InverseSqrtSchedule } from "../transformers/inverse_sqrt_schedule.ts";
import { LinearScheduleWithWarmup } from "../transformers/linear_schedule_with_warmup.ts";
import { PolynomialDecayScheduleWithWarmup } from "../transformers/polynomial_decay_schedule_with_warmup.ts";
import { WSDSchedule } from "../transformers/wsd_schedule.ts";
import { nearest } from "./nearest.ts";

/** A scheduler's class, as a spec names it. */
export type SchedulerClass = (new (
  optimizer: SchedulableOptimizer,
  options: never,
) => LRScheduler) & { readonly name: string };

const PYTORCH: Readonly<Record<string, SchedulerClass>> = {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiStepLR,
  MultiplicativeLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
};

const TRANSFORMERS: Readonly<Record<string, SchedulerClass>> = {
  ConstantSchedule,
  ConstantScheduleWithWarmup,
  CosineScheduleWithWarmup,
  CosineWithHardRestartsScheduleWithWarmup,
  CosineWithMinLRScheduleWithWarmup,
  InverseSqrtSchedule,
  LinearScheduleWithWarmup,
  PolynomialDecayScheduleWithWarmup,
  WSDSchedule,
};

const classes = new Map(Object.entries({ ...PYTORCH, ...TRANSFORMERS }));

/**
 * Makes a scheduler of your own known by name: `from_spec` then builds it, `to_spec` writes it
 * down, and the short form takes it.
 *
 * @param name - As classes are named: a capital letter, then letters and digits.
 * @throws TypeError, RangeError or Error if the name or the class cannot be registered.
 * @example
 * ```ts
 * register("InverseSqrtLR", InverseSqrtLR);
 * const scheduler = from_spec(optimizer, { type: "InverseSqrtLR", offset: 10 });
 * ```
 */
export function register(name: string, scheduler: SchedulerClass): void {
  if (typeof name !== "string" || !/^[A-Z]\w*$/.test(name)) {
    throw new RangeError(`register: name ${refusal("like InverseSqrtLR", name)}`);
  }
  if (classes.has(name)) throw new Error(`register: name must be a new one, got ${show(name)}`);
  if (typeof scheduler !== "function" || !(scheduler.prototype instanceof LRScheduler)) {
    throw new TypeError(`register: scheduler ${refusal("a subclass of LRScheduler", scheduler)}`);
  }
  const known = name_of(scheduler);
  if (known) throw new Error(`register: the class of ${show(name)} is registered as ${known}`);
  classes.set(name, scheduler);
}

export function class_of(type: unknown): SchedulerClass | undefined {
  return typeof type === "string" ? classes.get(type) : undefined;
}

/** The name under which a class is known, if it is. */
export function name_of(scheduler: unknown): string | undefined {
  for (const [name, known] of classes) if (known === scheduler) return name;
  return undefined;
}

/** Where a type is at home in Python; `undefined` for a class of the user's own. */
export function home_of(type: string): "torch.optim.lr_scheduler" | "transformers" | undefined {
  if (Object.hasOwn(PYTORCH, type)) return "torch.optim.lr_scheduler";
  return Object.hasOwn(TRANSFORMERS, type) ? "transformers" : undefined;
}

/** The table of a class's options; a class of one's own may have none. */
export function option_table_of(scheduler: SchedulerClass): OptionTable<object> | undefined {
  return (scheduler as unknown as typeof LRScheduler).option_table;
}

/** The options of a class by name. */
export function fields_of(scheduler: SchedulerClass): Readonly<Record<string, Field<unknown>>> {
  return (option_table_of(scheduler)?.table ?? {}) as Readonly<Record<string, Field<unknown>>>;
}

/** All classes with their names, in alphabetical order. */
export function known_classes(): [name: string, scheduler_class: SchedulerClass][] {
  return [...classes].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** All types that a spec may have, in alphabetical order. */
export function spec_types(): string[] {
  return known_classes()
    .filter(([, known]) => !takes_function(known))
    .map(([name]) => name);
}

/** Whether a class cannot do without a function, so that no spec can hold it. */
export function takes_function(scheduler: SchedulerClass): boolean {
  return Object.values(fields_of(scheduler)).some(
    ({ kind, default: fallback }) => kind.type === "function" && fallback === undefined,
  );
}

/** Which name is likely meant by one that is not known, or who knows them all. */
export function suggestion(name: unknown, names: readonly string[] = spec_types()): string {
  const near = typeof name === "string" ? nearest(name, names) : undefined;
  return near ? `did you mean ${show(near)}?` : "describe_schedulers() has them all";
}
