import type { SchedulerSpec } from "torch-optim/lr_scheduler";
import { computed, ref } from "vue";

/** How long the start page's schedule is, and its warm-up, which its curve and its code share. */
export const EPOCHS = 100;
export const MOST_WARMUP = 60;
export const warmup = ref(10);

/** The schedule itself. */
export const spec = computed<SchedulerSpec>(() => ({
  type: "SequentialLR",
  milestones: [warmup.value],
  schedulers: [
    { type: "LinearLR", total_iters: warmup.value },
    { type: "CosineAnnealingLR", T_max: EPOCHS - warmup.value },
  ],
}));
export const BASE_LR = 1e-3;
