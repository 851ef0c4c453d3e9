import type { LRScheduler } from "./lr_scheduler.ts";

/** A scheduler and all that are inside it. */
export function family_of(scheduler: LRScheduler): LRScheduler[] {
  return [scheduler, ...scheduler.motion.children.flatMap(family_of)];
}
