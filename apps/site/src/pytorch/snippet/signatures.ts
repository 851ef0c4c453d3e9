/** How a scheduler is called in Python. */
export interface Signature {
  /** The library's name of the class. */
  readonly type: string;
  /** The parameters, in the order in which they can stand without their names. */
  readonly parameters: readonly string[];
}

/** The parameters of PyTorch's schedulers; those with `verbose` had it until PyTorch 2.7. */
const PYTORCH: Readonly<Record<string, string>> = {
  ChainedScheduler: "schedulers optimizer",
  ConstantLR: "optimizer factor total_iters last_epoch verbose",
  CosineAnnealingLR: "optimizer T_max eta_min last_epoch verbose",
  CosineAnnealingWarmRestarts: "optimizer T_0 T_mult eta_min last_epoch verbose",
  CyclicLR:
    "optimizer base_lr max_lr step_size_up step_size_down mode gamma scale_fn scale_mode " +
    "cycle_momentum base_momentum max_momentum last_epoch verbose",
  ExponentialLR: "optimizer gamma last_epoch verbose",
  LinearLR: "optimizer start_factor end_factor total_iters last_epoch verbose",
  MultiStepLR: "optimizer milestones gamma last_epoch verbose",
  OneCycleLR:
    "optimizer max_lr total_steps epochs steps_per_epoch pct_start anneal_strategy cycle_momentum " +
    "base_momentum max_momentum div_factor final_div_factor three_phase last_epoch verbose",
  PolynomialLR: "optimizer total_iters power last_epoch verbose",
  ReduceLROnPlateau:
    "optimizer mode factor patience threshold threshold_mode cooldown min_lr eps verbose",
  SWALR: "optimizer swa_lr anneal_epochs anneal_strategy last_epoch",
  SequentialLR: "optimizer schedulers milestones last_epoch verbose",
  StepLR: "optimizer step_size gamma last_epoch verbose",
};

/** The functions of `transformers`, without their `get_`, the classes that they are here, and parameters. */
const TRANSFORMERS: readonly (readonly [name: string, type: string, parameters: string])[] = [
  ["constant_schedule", "ConstantSchedule", "last_epoch"],
  ["constant_schedule_with_warmup", "ConstantScheduleWithWarmup", "num_warmup_steps last_epoch"],
  [
    "linear_schedule_with_warmup",
    "LinearScheduleWithWarmup",
    "num_warmup_steps num_training_steps last_epoch",
  ],
  [
    "cosine_schedule_with_warmup",
    "CosineScheduleWithWarmup",
    "num_warmup_steps num_training_steps num_cycles last_epoch",
  ],
  [
    "cosine_with_hard_restarts_schedule_with_warmup",
    "CosineWithHardRestartsScheduleWithWarmup",
    "num_warmup_steps num_training_steps num_cycles last_epoch",
  ],
  [
    "polynomial_decay_schedule_with_warmup",
    "PolynomialDecayScheduleWithWarmup",
    "num_warmup_steps num_training_steps lr_end power last_epoch",
  ],
  ["inverse_sqrt_schedule", "InverseSqrtSchedule", "num_warmup_steps timescale last_epoch"],
  [
    "cosine_with_min_lr_schedule_with_warmup",
    "CosineWithMinLRScheduleWithWarmup",
    "num_warmup_steps num_training_steps num_cycles last_epoch min_lr min_lr_rate",
  ],
  [
    "cosine_with_min_lr_schedule_with_warmup_lr_rate",
    "CosineWithMinLRScheduleWithWarmupLRRate",
    "num_warmup_steps num_training_steps num_cycles last_epoch min_lr min_lr_rate warmup_lr_rate",
  ],
  [
    "wsd_schedule",
    "WSDSchedule",
    "num_warmup_steps num_decay_steps num_training_steps num_stable_steps warmup_type decay_type " +
      "min_lr_ratio num_cycles last_epoch",
  ],
];

const GREEDY =
  "optimizer mode factor patience threshold threshold_mode cooldown warmup min_lr max_lr eps verbose " +
  "smooth window_size reset_start";

/** Everything that builds a scheduler that can be data, by the last part of its name in Python. */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...Object.entries(PYTORCH).map(([type, text]) => [type, signature(type, text)] as const),
  ...TRANSFORMERS.map(
    ([name, type, text]) => [`get_${name}`, signature(type, `optimizer ${text}`)] as const,
  ),
  ["get_reduce_on_plateau_schedule", signature("ReduceLROnPlateau", PYTORCH.ReduceLROnPlateau)],
  ["GreedyLR", signature("GreedyLR", GREEDY)],
  ["get_greedy_schedule", signature("GreedyLR", GREEDY)],
]);

/** The parameters of `transformers.get_scheduler`. */
export const GET_SCHEDULER =
  "name optimizer num_warmup_steps num_training_steps scheduler_specific_kwargs".split(" ");

/** The names that `get_scheduler` knows, and the function or class that each stands for. */
export const SCHEDULER_NAMES: ReadonlyMap<string, string> = new Map([
  ["linear", "get_linear_schedule_with_warmup"],
  ["cosine", "get_cosine_schedule_with_warmup"],
  ["cosine_with_restarts", "get_cosine_with_hard_restarts_schedule_with_warmup"],
  ["polynomial", "get_polynomial_decay_schedule_with_warmup"],
  ["constant", "get_constant_schedule"],
  ["constant_with_warmup", "get_constant_schedule_with_warmup"],
  ["inverse_sqrt", "get_inverse_sqrt_schedule"],
  ["reduce_lr_on_plateau", "get_reduce_on_plateau_schedule"],
  ["cosine_with_min_lr", "get_cosine_with_min_lr_schedule_with_warmup"],
  ["cosine_warmup_with_min_lr", "get_cosine_with_min_lr_schedule_with_warmup_lr_rate"],
  ["warmup_stable_decay", "get_wsd_schedule"],
  ["greedy", "GreedyLR"],
]);

/** The lr of PyTorch's optimizers where none is given. */
export const DEFAULT_LRS: ReadonlyMap<string, number> = new Map([
  ["ASGD", 1e-2],
  ["Adadelta", 1],
  ["Adafactor", 1e-2],
  ["Adagrad", 1e-2],
  ["Adam", 1e-3],
  ["AdamW", 1e-3],
  ["Adamax", 2e-3],
  ["LBFGS", 1],
  ["Muon", 1e-3],
  ["NAdam", 2e-3],
  ["RAdam", 1e-3],
  ["RMSprop", 1e-2],
  ["Rprop", 1e-2],
  ["SGD", 1e-3],
  ["SparseAdam", 1e-3],
]);

function signature(type: string, parameters: string): Signature {
  return { type, parameters: parameters.split(" ") };
}
