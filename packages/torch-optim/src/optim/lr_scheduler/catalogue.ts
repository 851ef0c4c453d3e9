import type { SchedulableOptimizer } from "../param_group.ts";
import { ChainedScheduler } from "./chained_scheduler.ts";
import { ConstantLR } from "./constant_lr.ts";
import { CosineAnnealingLR } from "./cosine_annealing_lr.ts";
import { CosineAnnealingWarmRestarts } from "./cosine_annealing_warm_restarts.ts";
import { CyclicLR } from "./cyclic_lr.ts";
import { ExponentialLR } from "./exponential_lr.ts";
import { LambdaLR } from "./lambda_lr.ts";
import { LinearLR } from "./linear_lr.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { MultiStepLR } from "./multi_step_lr.ts";
import { MultiplicativeLR } from "./multiplicative_lr.ts";
import { OneCycleLR } from "./one_cycle_lr.ts";
import { PolynomialLR } from "./polynomial_lr.ts";
import { ReduceLROnPlateau } from "./reduce_lr_on_plateau.ts";
import { SequentialLR } from "./sequential_lr.ts";
import { StepLR } from "./step_lr.ts";
import { ConstantSchedule } from "./transformers/constant_schedule.ts";
import { ConstantScheduleWithWarmup } from "./transformers/constant_schedule_with_warmup.ts";
import { CosineScheduleWithWarmup } from "./transformers/cosine_schedule_with_warmup.ts";
import { CosineWithHardRestartsScheduleWithWarmup } from "./transformers/cosine_with_hard_restarts_schedule_with_warmup.ts";
import { CosineWithMinLRScheduleWithWarmup } from "./transformers/cosine_with_min_lr_schedule_with_warmup.ts";
import { InverseSqrtSchedule } from "./transformers/inverse_sqrt_schedule.ts";
import { LinearScheduleWithWarmup } from "./transformers/linear_schedule_with_warmup.ts";
import { PolynomialDecayScheduleWithWarmup } from "./transformers/polynomial_decay_schedule_with_warmup.ts";
import { WSDSchedule } from "./transformers/wsd_schedule.ts";

/** A scheduler's class, as a spec names it. */
export type SchedulerClass = (new (
  optimizer: SchedulableOptimizer,
  options: never,
) => LRScheduler) & { readonly name: string };

/** What is known of a scheduler beside its class. */
export interface Entry {
  readonly scheduler: SchedulerClass;
  /** Where it is at home in Python. */
  readonly home: "torch.optim.lr_scheduler" | "transformers";
  /** What it does, in a line. */
  readonly meaning: string;
  /** Its names in the short form, the one that is written first. */
  readonly short_names?: readonly string[];
  /** The option that is its length in epochs. */
  readonly length_option?: string;
}

/**
 * All schedulers, each once, in the order in which they are shown.
 *
 * It imports every one of them, and so does whatever imports it: a program that names single
 * classes must do without.
 */
export const CATALOGUE = {
  LinearLR: {
    scheduler: LinearLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Goes in a straight line from one fraction of the lr to another: a warm-up.",
    short_names: ["linear"],
    length_option: "total_iters",
  },
  ConstantLR: {
    scheduler: ConstantLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Holds the lr at a fraction for a number of epochs, then lets it go.",
    short_names: ["constant"],
    length_option: "total_iters",
  },
  PolynomialLR: {
    scheduler: PolynomialLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Falls to 0 along a power of the epochs left.",
    short_names: ["polynomial"],
    length_option: "total_iters",
  },
  StepLR: {
    scheduler: StepLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Multiplies the lr by gamma every step_size epochs.",
    short_names: ["step"],
  },
  MultiStepLR: {
    scheduler: MultiStepLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Multiplies the lr by gamma at each milestone.",
    short_names: ["multistep"],
  },
  ExponentialLR: {
    scheduler: ExponentialLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Multiplies the lr by gamma at every epoch.",
    short_names: ["exponential", "exp"],
  },
  ReduceLROnPlateau: {
    scheduler: ReduceLROnPlateau,
    home: "torch.optim.lr_scheduler",
    meaning: "Lowers the lr whenever a metric has stopped getting better.",
    short_names: ["plateau"],
  },
  CosineAnnealingLR: {
    scheduler: CosineAnnealingLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Falls along half a cosine, and rises again along the other half.",
    short_names: ["cosine"],
    length_option: "T_max",
  },
  CosineAnnealingWarmRestarts: {
    scheduler: CosineAnnealingWarmRestarts,
    home: "torch.optim.lr_scheduler",
    meaning: "Falls along a cosine and jumps back up, again and again.",
    short_names: ["restarts"],
    length_option: "T_0",
  },
  CyclicLR: {
    scheduler: CyclicLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Goes up and down between two learning rates.",
    short_names: ["cyclic"],
  },
  OneCycleLR: {
    scheduler: OneCycleLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Rises to a high lr and falls far below the first one, once.",
    short_names: ["onecycle"],
    length_option: "total_steps",
  },
  LambdaLR: {
    scheduler: LambdaLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Multiplies the base lr by a function of the epoch.",
  },
  MultiplicativeLR: {
    scheduler: MultiplicativeLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Multiplies the lr in force by a function of the epoch.",
  },
  SequentialLR: {
    scheduler: SequentialLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Runs schedulers one after another, each from its milestone on.",
  },
  ChainedScheduler: {
    scheduler: ChainedScheduler,
    home: "torch.optim.lr_scheduler",
    meaning: "Lets several schedulers act together: their factors multiply.",
  },
  ConstantSchedule: {
    scheduler: ConstantSchedule,
    home: "transformers",
    meaning: "Holds the lr.",
  },
  ConstantScheduleWithWarmup: {
    scheduler: ConstantScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then holds the lr.",
  },
  LinearScheduleWithWarmup: {
    scheduler: LinearScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then falls to 0, both in straight lines.",
  },
  CosineScheduleWithWarmup: {
    scheduler: CosineScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then follows a cosine down to 0.",
  },
  CosineWithHardRestartsScheduleWithWarmup: {
    scheduler: CosineWithHardRestartsScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then follows cosines that restart at the top.",
  },
  CosineWithMinLRScheduleWithWarmup: {
    scheduler: CosineWithMinLRScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then follows a cosine down to a lowest lr.",
  },
  PolynomialDecayScheduleWithWarmup: {
    scheduler: PolynomialDecayScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then falls along a power of the epochs left.",
  },
  InverseSqrtSchedule: {
    scheduler: InverseSqrtSchedule,
    home: "transformers",
    meaning: "Warms up from 0, then falls as 1/√epoch.",
  },
  WSDSchedule: {
    scheduler: WSDSchedule,
    home: "transformers",
    meaning: "Warms up, holds the lr, and decays at the end.",
  },
} satisfies Readonly<Record<string, Entry>>;
