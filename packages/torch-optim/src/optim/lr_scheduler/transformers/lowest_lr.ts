import { type Field, nullable, number } from "../../../fields.ts";
import type { LRScheduler } from "../lr_scheduler.ts";
import { name_of } from "../options.ts";

/** Options that say how low an lr goes: one of the two. */
interface LowestLR {
  min_lr: number | null;
  min_lr_rate: number | null;
}

export const LOWEST_LR: { readonly [K in keyof LowestLR]: Field<LowestLR[K]> } = {
  min_lr: nullable(number({ min: 0 })),
  min_lr_rate: nullable(number({ min: 0, max: 1 })),
};

/** The lowest lr of a group. */
export function lowest_lr({ min_lr, min_lr_rate }: LowestLR, base_lr: number): number {
  return min_lr ?? base_lr * (min_lr_rate ?? 0);
}

/** Refuses both options, and neither. */
export function refuse_all_but_one(scheduler: LRScheduler & LowestLR): void {
  const { min_lr, min_lr_rate } = scheduler;
  if ((min_lr === null) !== (min_lr_rate === null)) return;
  const got = min_lr === null ? "neither" : "both";
  throw new Error(`${name_of(scheduler)}: min_lr must be given, or min_lr_rate, got ${got}`);
}
