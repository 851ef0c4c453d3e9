import type { SchedulerSpec } from "torch-optim/lr_scheduler";
import { ref } from "vue";

/** How long the start page's schedule is, and its warm-up, which its curve and its code share. */
export const EPOCHS = 100;
export const MOST_WARMUP = 60;
export const FIRST_WARMUP = 10;
export const warmup = ref(FIRST_WARMUP);
export const BASE_LR = 1e-3;

/** The schedule itself, by the length of its warm-up. */
export function specOf(warmup: number): SchedulerSpec {
  return {
    type: "SequentialLR",
    milestones: [warmup],
    schedulers: [
      { type: "LinearLR", total_iters: warmup },
      { type: "CosineAnnealingLR", T_max: EPOCHS - warmup },
    ],
  };
}
