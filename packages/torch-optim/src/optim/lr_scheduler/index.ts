/**
 * All schedulers, and schedules as data: `import { SequentialLR } from "torch-optim/lr_scheduler"`.
 *
 * @module torch.optim.lr_scheduler
 */
export { type CheckSpecOptions, check_spec } from "./as_data/check_spec.ts";
export {
  describe_schedulers,
  type OptionDescription,
  type SchedulerDescription,
} from "./as_data/describe_schedulers.ts";
export { format_spec } from "./as_data/format_spec.ts";
export { from_spec } from "./as_data/from_spec.ts";
export { type GroupOfSpec, groups_of_spec } from "./as_data/groups_of_spec.ts";
export type { Lengths } from "./as_data/lengths.ts";
export { type ParsedSpec, parse_spec } from "./as_data/parse_spec.ts";
export { PRESETS, type Preset } from "./as_data/presets.ts";
export type { RecipeSpec, ScheduleEntry, Spec } from "./as_data/recipe_spec.ts";
export { register } from "./as_data/registry.ts";
export type { CustomSpecs, SchedulerSpec } from "./as_data/scheduler_spec.ts";
export { SpecError, type SpecProblem, SpecSyntaxError } from "./as_data/spec_error.ts";
export { spec_length } from "./as_data/spec_length.ts";
export { stretch_spec } from "./as_data/stretch_spec.ts";
export { type ToPythonOptions, to_python } from "./as_data/to_python.ts";
export { to_spec } from "./as_data/to_spec.ts";
export { to_typescript } from "./as_data/to_typescript.ts";
export type { Counts, SchedulerClass } from "./catalogue.ts";
export { ChainedScheduler, type ChainedSchedulerOptions } from "./chained_scheduler.ts";
export {
  CompositeMotion,
  type CompositeOptions,
  CompositeScheduler,
} from "./composite_scheduler.ts";
export { ConstantLR, type ConstantLROptions } from "./constant_lr.ts";
export { CosineAnnealingLR, type CosineAnnealingLROptions } from "./cosine_annealing_lr.ts";
export {
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from "./cosine_annealing_warm_restarts.ts";
export { CyclicLR, type CyclicLROptions } from "./cyclic_lr.ts";
export { ExponentialLR, type ExponentialLROptions } from "./exponential_lr.ts";
export { type Interpolation, KeyframesLR, type KeyframesLROptions } from "./keyframes_lr.ts";
export { LambdaLR, type LambdaLROptions } from "./lambda_lr.ts";
export { LinearLR, type LinearLROptions } from "./linear_lr.ts";
export { LRScheduler, type LRSchedulerOptions } from "./lr_scheduler.ts";
export { type LRs, Motion } from "./motion.ts";
export { MultiStepLR, type MultiStepLROptions } from "./multi_step_lr.ts";
export { MultiplicativeLR, type MultiplicativeLROptions } from "./multiplicative_lr.ts";
export { OneCycleLR, type OneCycleLROptions } from "./one_cycle_lr.ts";
export { phase_at } from "./phase_at.ts";
export { PolynomialLR, type PolynomialLROptions } from "./polynomial_lr.ts";
export { RampLR, type RampLROptions, type RampShape } from "./ramp_lr.ts";
export { Recipe, type RecipeOptions, type RecipeState } from "./recipe.ts";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce_lr_on_plateau.ts";
export { type SchedulerState, StateReader, type StateValue } from "./scheduler_state.ts";
export { type SelectOptions, select } from "./select.ts";
export { SequentialLR, type SequentialLROptions } from "./sequential_lr.ts";
export {
  type SimulatedGroup,
  type SimulateOptions,
  type Simulation,
  simulate,
} from "./simulate.ts";
export { StepLR, type StepLROptions } from "./step_lr.ts";
export { SWALR, type SWALROptions } from "./swa_lr.ts";
export { to_schedule } from "./to_schedule.ts";
export { ConstantSchedule } from "./transformers/constant_schedule.ts";
export {
  ConstantScheduleWithWarmup,
  type ConstantScheduleWithWarmupOptions,
} from "./transformers/constant_schedule_with_warmup.ts";
export {
  CosineScheduleWithWarmup,
  type CosineScheduleWithWarmupOptions,
} from "./transformers/cosine_schedule_with_warmup.ts";
export {
  CosineWithHardRestartsScheduleWithWarmup,
  type CosineWithHardRestartsScheduleWithWarmupOptions,
} from "./transformers/cosine_with_hard_restarts_schedule_with_warmup.ts";
export {
  CosineWithMinLRScheduleWithWarmup,
  type CosineWithMinLRScheduleWithWarmupOptions,
} from "./transformers/cosine_with_min_lr_schedule_with_warmup.ts";
export {
  CosineWithMinLRScheduleWithWarmupLRRate,
  type CosineWithMinLRScheduleWithWarmupLRRateOptions,
} from "./transformers/cosine_with_min_lr_schedule_with_warmup_lr_rate.ts";
export {
  type GetSchedulerOptions,
  get_scheduler,
  type SchedulerName,
} from "./transformers/get_scheduler.ts";
export { GreedyLR, type GreedyLROptions } from "./transformers/greedy_lr.ts";
export {
  InverseSqrtSchedule,
  type InverseSqrtScheduleOptions,
} from "./transformers/inverse_sqrt_schedule.ts";
export {
  LinearScheduleWithWarmup,
  type LinearScheduleWithWarmupOptions,
} from "./transformers/linear_schedule_with_warmup.ts";
export {
  PolynomialDecayScheduleWithWarmup,
  type PolynomialDecayScheduleWithWarmupOptions,
} from "./transformers/polynomial_decay_schedule_with_warmup.ts";
export { WSDSchedule, type WSDScheduleOptions } from "./transformers/wsd_schedule.ts";
