import type { ConstantLROptions } from "../constant_lr.ts";
import type { CosineAnnealingLROptions } from "../cosine_annealing_lr.ts";
import type { CosineAnnealingWarmRestartsOptions } from "../cosine_annealing_warm_restarts.ts";
import type { CyclicLROptions } from "../cyclic_lr.ts";
import type { ExponentialLROptions } from "../exponential_lr.ts";
import type { LinearLROptions } from "../linear_lr.ts";
import type { LRSchedulerOptions } from "../lr_scheduler.ts";
import type { MultiStepLROptions } from "../multi_step_lr.ts";
import type { OneCycleLROptions } from "../one_cycle_lr.ts";
import type { PolynomialLROptions } from "../polynomial_lr.ts";
import type { ReduceLROnPlateauOptions } from "../reduce_lr_on_plateau.ts";
import type { StepLROptions } from "../step_lr.ts";
import type { ConstantScheduleWithWarmupOptions } from "../transformers/constant_schedule_with_warmup.ts";
import type { CosineScheduleWithWarmupOptions } from "../transformers/cosine_schedule_with_warmup.ts";
import type { CosineWithHardRestartsScheduleWithWarmupOptions } from "../transformers/cosine_with_hard_restarts_schedule_with_warmup.ts";
import type { CosineWithMinLRScheduleWithWarmupOptions } from "../transformers/cosine_with_min_lr_schedule_with_warmup.ts";
import type { InverseSqrtScheduleOptions } from "../transformers/inverse_sqrt_schedule.ts";
import type { LinearScheduleWithWarmupOptions } from "../transformers/linear_schedule_with_warmup.ts";
import type { PolynomialDecayScheduleWithWarmupOptions } from "../transformers/polynomial_decay_schedule_with_warmup.ts";
import type { WSDScheduleOptions } from "../transformers/wsd_schedule.ts";

/** A class by its name, with its options but for those that no JSON can hold. */
type Spec<Type extends string, Options> = { readonly type: Type } & Readonly<
  Omit<Options, keyof LRSchedulerOptions | "scale_fn">
>;

interface ChainedSchedulerSpec {
  readonly type: "ChainedScheduler";
  readonly schedulers: readonly SchedulerSpec[];
}

interface SequentialLRSpec {
  readonly type: "SequentialLR";
  readonly schedulers: readonly SchedulerSpec[];
  readonly milestones: readonly number[];
}

/**
 * The specs of classes that were registered. Declare yours here, and `SchedulerSpec` knows it.
 *
 * @example
 * ```ts
 * declare module "torch-optim/lr_scheduler" {
 *   interface CustomSpecs {
 *     InverseSqrtLR: { type: "InverseSqrtLR"; offset: number };
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be extended.
export interface CustomSpecs {}

/** A scheduler written down as data: its class, its options, and the schedulers inside it. */
export type SchedulerSpec =
  | ChainedSchedulerSpec
  | Spec<"ConstantLR", ConstantLROptions>
  | Spec<"CosineAnnealingLR", CosineAnnealingLROptions>
  | Spec<"CosineAnnealingWarmRestarts", CosineAnnealingWarmRestartsOptions>
  | Spec<"CyclicLR", CyclicLROptions>
  | Spec<"ExponentialLR", ExponentialLROptions>
  | Spec<"LinearLR", LinearLROptions>
  | Spec<"MultiStepLR", MultiStepLROptions>
  | Spec<"OneCycleLR", OneCycleLROptions>
  | Spec<"PolynomialLR", PolynomialLROptions>
  | Spec<"ReduceLROnPlateau", ReduceLROnPlateauOptions>
  | SequentialLRSpec
  | Spec<"StepLR", StepLROptions>
  | Spec<"ConstantSchedule", object>
  | Spec<"ConstantScheduleWithWarmup", ConstantScheduleWithWarmupOptions>
  | Spec<"CosineScheduleWithWarmup", CosineScheduleWithWarmupOptions>
  | Spec<
      "CosineWithHardRestartsScheduleWithWarmup",
      CosineWithHardRestartsScheduleWithWarmupOptions
    >
  | Spec<"CosineWithMinLRScheduleWithWarmup", CosineWithMinLRScheduleWithWarmupOptions>
  | Spec<"InverseSqrtSchedule", InverseSqrtScheduleOptions>
  | Spec<"LinearScheduleWithWarmup", LinearScheduleWithWarmupOptions>
  | Spec<"PolynomialDecayScheduleWithWarmup", PolynomialDecayScheduleWithWarmupOptions>
  | Spec<"WSDSchedule", WSDScheduleOptions>
  | CustomSpecs[keyof CustomSpecs];
