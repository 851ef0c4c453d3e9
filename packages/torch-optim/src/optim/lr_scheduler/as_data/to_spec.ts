import type { LRScheduler } from "../lr_scheduler.ts";
import { plain_data } from "./plain_data.ts";
import { join, Problems } from "./problems.ts";
import { fields_of, name_of, type SchedulerClass } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { SpecError } from "./spec_error.ts";

/**
 * Writes a scheduler down: its class and options, and those of the schedulers inside it. Options
 * that have their default are left out. How far it has come is no part of a spec but of
 * `state_dict()`.
 *
 * @throws SpecError with the path of every function, which cannot be written down, and of every
 *   class that is not registered.
 * @example
 * ```ts
 * to_spec(new torch.optim.StepLR(optimizer, { step_size: 30 })); // { type: "StepLR", step_size: 30 }
 * ```
 */
export function to_spec(scheduler: LRScheduler): SchedulerSpec {
  const problems = new Problems();
  const spec = write(scheduler, "", problems);
  if (problems.count > 0) throw new SpecError(problems.list());
  return spec as SchedulerSpec;
}

function write(scheduler: LRScheduler, path: string, problems: Problems): object {
  const scheduler_class = scheduler.constructor as SchedulerClass;
  const type = name_of(scheduler_class);
  if (type === undefined) {
    problems.add(path, `is of class ${scheduler_class.name}, which is not registered`);
  }
  const table = fields_of(scheduler_class);
  const { schedulers, ...options } = scheduler.options as Record<string, unknown>;
  const spec: Record<string, unknown> = { type };
  for (const [option, value] of Object.entries(options)) {
    if (Object.hasOwn(table, option) && value === table[option].default) continue;
    spec[option] = plain_data(value, join(path, option), problems);
  }
  if (Array.isArray(schedulers)) {
    spec.schedulers = schedulers.map((child: LRScheduler, i) =>
      write(child, `${join(path, "schedulers")}[${i}]`, problems),
    );
  }
  return spec;
}
