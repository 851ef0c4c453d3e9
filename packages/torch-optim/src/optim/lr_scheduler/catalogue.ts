import type { SchedulableOptimizer } from "../param_group.ts";
import { ChainedScheduler } from "./chained_scheduler.ts";
import { ConstantLR } from "./constant_lr.ts";
import { CosineAnnealingLR } from "./cosine_annealing_lr.ts";
import { CosineAnnealingWarmRestarts } from "./cosine_annealing_warm_restarts.ts";
import { CyclicLR } from "./cyclic_lr.ts";
import { ExponentialLR } from "./exponential_lr.ts";
import { KeyframesLR } from "./keyframes_lr.ts";
import { LambdaLR } from "./lambda_lr.ts";
import { LinearLR } from "./linear_lr.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { MultiStepLR } from "./multi_step_lr.ts";
import { MultiplicativeLR } from "./multiplicative_lr.ts";
import { OneCycleLR } from "./one_cycle_lr.ts";
import { PolynomialLR } from "./polynomial_lr.ts";
import { RampLR } from "./ramp_lr.ts";
import { ReduceLROnPlateau } from "./reduce_lr_on_plateau.ts";
import { SequentialLR } from "./sequential_lr.ts";
import { StepLR } from "./step_lr.ts";
import { SWALR } from "./swa_lr.ts";
import { ConstantSchedule } from "./transformers/constant_schedule.ts";
import { ConstantScheduleWithWarmup } from "./transformers/constant_schedule_with_warmup.ts";
import { CosineScheduleWithWarmup } from "./transformers/cosine_schedule_with_warmup.ts";
import { CosineWithHardRestartsScheduleWithWarmup } from "./transformers/cosine_with_hard_restarts_schedule_with_warmup.ts";
import { CosineWithMinLRScheduleWithWarmup } from "./transformers/cosine_with_min_lr_schedule_with_warmup.ts";
import { CosineWithMinLRScheduleWithWarmupLRRate } from "./transformers/cosine_with_min_lr_schedule_with_warmup_lr_rate.ts";
import { GreedyLR } from "./transformers/greedy_lr.ts";
import { InverseSqrtSchedule } from "./transformers/inverse_sqrt_schedule.ts";
import { LinearScheduleWithWarmup } from "./transformers/linear_schedule_with_warmup.ts";
import { PolynomialDecayScheduleWithWarmup } from "./transformers/polynomial_decay_schedule_with_warmup.ts";
import { WSDSchedule } from "./transformers/wsd_schedule.ts";

/** A scheduler's class, as a spec names it. */
export type SchedulerClass = (new (
  optimizer: SchedulableOptimizer,
  options: never,
) => LRScheduler) & {
  /** The name of the class. */
  readonly name: string;
};

/** What is known of a scheduler beside its class. */
export interface Entry {
  readonly scheduler: SchedulerClass;
  /** Where it is at home: in Python, or here alone. */
  readonly home:
    | "torch.optim.lr_scheduler"
    | "torch.optim.swa_utils"
    | "transformers"
    | "torch-optim";
  /** What it does, in a line. */
  readonly meaning: string;
  /** Its names in the short form, the one that is written first. */
  readonly short_names?: readonly string[];
  /** The option that is its length in epochs. */
  readonly length_option?: string;
  /** How those of its options that count epochs count them. */
  readonly counts?: Counts;
}

/**
 * How options count epochs: a `length` from where the scheduler begins, a list of `epochs` counted from
 * there, a `period` (a counter, or the distance between two events) that begins anywhere, or a list
 * with how much of its curve each phase has behind it where it starts (`start`).
 */
export type Counts = Readonly<Record<string, "length" | "epochs" | "period" | "start">>;

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
    counts: { total_iters: "length" },
  },
  ConstantLR: {
    scheduler: ConstantLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Holds the lr at a fraction for a number of epochs, then lets it go.",
    short_names: ["constant"],
    length_option: "total_iters",
    counts: { total_iters: "length" },
  },
  PolynomialLR: {
    scheduler: PolynomialLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Falls to 0 along a power of the epochs left.",
    short_names: ["polynomial"],
    length_option: "total_iters",
    counts: { total_iters: "length" },
  },
  RampLR: {
    scheduler: RampLR,
    home: "torch-optim",
    meaning: "Goes from one factor of the lr to another along a shape, and stays there.",
    short_names: ["ramp"],
    length_option: "total_iters",
    counts: { total_iters: "length" },
  },
  KeyframesLR: {
    scheduler: KeyframesLR,
    home: "torch-optim",
    meaning: "Takes given factors of the lr at given epochs, and goes from one to the next.",
    short_names: ["keyframes"],
    counts: { epochs: "epochs" },
  },
  StepLR: {
    scheduler: StepLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Multiplies the lr by gamma every step_size epochs.",
    short_names: ["step"],
    counts: { step_size: "period" },
  },
  MultiStepLR: {
    scheduler: MultiStepLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Multiplies the lr by gamma at each milestone.",
    short_names: ["multistep"],
    counts: { milestones: "epochs" },
  },
  ExponentialLR: {
    scheduler: ExponentialLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Multiplies the lr by gamma at every epoch.",
    short_names: ["exponential", "exp"],
    counts: {},
  },
  ReduceLROnPlateau: {
    scheduler: ReduceLROnPlateau,
    home: "torch.optim.lr_scheduler",
    meaning: "Lowers the lr whenever a metric has stopped getting better.",
    short_names: ["plateau"],
    counts: { patience: "period", cooldown: "period" },
  },
  CosineAnnealingLR: {
    scheduler: CosineAnnealingLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Falls along half a cosine, and rises again along the other half.",
    short_names: ["cosine"],
    length_option: "T_max",
    counts: { T_max: "length" },
  },
  CosineAnnealingWarmRestarts: {
    scheduler: CosineAnnealingWarmRestarts,
    home: "torch.optim.lr_scheduler",
    meaning: "Falls along a cosine and jumps back up, again and again.",
    short_names: ["restarts"],
    length_option: "T_0",
    counts: { T_0: "period" },
  },
  CyclicLR: {
    scheduler: CyclicLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Goes up and down between two learning rates.",
    short_names: ["cyclic"],
    counts: { step_size_up: "period", step_size_down: "period" },
  },
  OneCycleLR: {
    scheduler: OneCycleLR,
    home: "torch.optim.lr_scheduler",
    meaning: "Rises to a high lr and falls far below the first one, once.",
    short_names: ["onecycle"],
    length_option: "total_steps",
    counts: { total_steps: "length" },
  },
  SWALR: {
    scheduler: SWALR,
    home: "torch.optim.swa_utils",
    meaning: "Anneals the lr from where it is to another, and holds it there.",
    short_names: ["swa"],
    length_option: "anneal_epochs",
    counts: { anneal_epochs: "length" },
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
    counts: { milestones: "epochs", starts: "start" },
  },
  ChainedScheduler: {
    scheduler: ChainedScheduler,
    home: "torch.optim.lr_scheduler",
    meaning: "Lets several schedulers act together: their factors multiply.",
    counts: {},
  },
  ConstantSchedule: {
    scheduler: ConstantSchedule,
    home: "transformers",
    meaning: "Holds the lr.",
    counts: {},
  },
  ConstantScheduleWithWarmup: {
    scheduler: ConstantScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then holds the lr.",
    counts: { num_warmup_steps: "length" },
  },
  LinearScheduleWithWarmup: {
    scheduler: LinearScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then falls to 0, both in straight lines.",
    counts: { num_warmup_steps: "length", num_training_steps: "length" },
  },
  CosineScheduleWithWarmup: {
    scheduler: CosineScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then follows a cosine down to 0.",
    counts: { num_warmup_steps: "length", num_training_steps: "length" },
  },
  CosineWithHardRestartsScheduleWithWarmup: {
    scheduler: CosineWithHardRestartsScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then follows cosines that restart at the top.",
    counts: { num_warmup_steps: "length", num_training_steps: "length" },
  },
  CosineWithMinLRScheduleWithWarmup: {
    scheduler: CosineWithMinLRScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then follows a cosine down to a lowest lr.",
    counts: { num_warmup_steps: "length", num_training_steps: "length" },
  },
  CosineWithMinLRScheduleWithWarmupLRRate: {
    scheduler: CosineWithMinLRScheduleWithWarmupLRRate,
    home: "transformers",
    meaning: "Warms up from above 0, then follows a cosine down to a lowest lr.",
    counts: { num_warmup_steps: "length", num_training_steps: "length" },
  },
  PolynomialDecayScheduleWithWarmup: {
    scheduler: PolynomialDecayScheduleWithWarmup,
    home: "transformers",
    meaning: "Warms up from 0, then falls along a power of the epochs left.",
    counts: { num_warmup_steps: "length", num_training_steps: "length" },
  },
  InverseSqrtSchedule: {
    scheduler: InverseSqrtSchedule,
    home: "transformers",
    meaning: "Warms up from 0, then falls as 1/√epoch.",
    counts: { num_warmup_steps: "length", timescale: "period" },
  },
  WSDSchedule: {
    scheduler: WSDSchedule,
    home: "transformers",
    meaning: "Warms up, holds the lr, and decays at the end.",
    counts: {
      num_warmup_steps: "length",
      num_decay_steps: "period",
      num_training_steps: "length",
      num_stable_steps: "period",
    },
  },
  GreedyLR: {
    scheduler: GreedyLR,
    home: "transformers",
    meaning: "Raises the lr while a metric gets better, and lowers it while it does not.",
    counts: {
      patience: "period",
      cooldown: "period",
      warmup: "period",
      window_size: "period",
      reset_start: "period",
    },
  },
} satisfies Readonly<Record<string, Entry>>;
