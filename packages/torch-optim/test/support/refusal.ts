import { expect } from "vitest";
import type * as torch from "../../src/index.ts";

/** What `act` throws. */
export function thrown(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was refused");
}

/** Everything that a refusal must leave as it was. */
export function picture(
  optimizer: torch.optim.SchedulableOptimizer,
  ...schedulers: readonly torch.optim.LRScheduler[]
) {
  return structuredClone({
    param_groups: optimizer.param_groups,
    states: schedulers.map((scheduler) => scheduler.state_dict()),
    last_lrs: schedulers.map((scheduler) => scheduler.get_last_lr()),
    epochs: schedulers.map((scheduler) => scheduler.last_epoch),
  });
}

/** States that `act` throws this very sentence, and that everything is as it was before. */
export function expect_refusal(
  act: () => unknown,
  error: ErrorConstructor,
  message: string,
  optimizer: torch.optim.SchedulableOptimizer,
  ...schedulers: readonly torch.optim.LRScheduler[]
): void {
  const before = picture(optimizer, ...schedulers);
  const refusal = thrown(act);
  expect(refusal.message).toBe(message);
  expect(refusal.constructor).toBe(error);
  expect(picture(optimizer, ...schedulers)).toEqual(before);
}
