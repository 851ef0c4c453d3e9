/** What each scheduler does, in a line. */
export const MEANINGS: Readonly<Record<string, string>> = {
  ChainedScheduler: "Lets several schedulers act together: their factors multiply.",
  ConstantLR: "Holds the lr at a fraction for a number of epochs, then lets it go.",
  ConstantSchedule: "Holds the lr.",
  ConstantScheduleWithWarmup: "Warms up from 0, then holds the lr.",
  CosineAnnealingLR: "Falls along half a cosine, and rises again along the other half.",
  CosineAnnealingWarmRestarts: "Falls along a cosine and jumps back up, again and again.",
  CosineScheduleWithWarmup: "Warms up from 0, then follows a cosine down to 0.",
  CosineWithHardRestartsScheduleWithWarmup:
    "Warms up from 0, then follows cosines that restart at the top.",
  CosineWithMinLRScheduleWithWarmup: "Warms up from 0, then follows a cosine down to a lowest lr.",
  CyclicLR: "Goes up and down between two learning rates.",
  ExponentialLR: "Multiplies the lr by gamma at every epoch.",
  InverseSqrtSchedule: "Warms up from 0, then falls as 1/√epoch.",
  LambdaLR: "Multiplies the base lr by a function of the epoch.",
  LinearLR: "Goes in a straight line from one fraction of the lr to another: a warm-up.",
  LinearScheduleWithWarmup: "Warms up from 0, then falls to 0, both in straight lines.",
  MultiStepLR: "Multiplies the lr by gamma at each milestone.",
  MultiplicativeLR: "Multiplies the lr in force by a function of the epoch.",
  OneCycleLR: "Rises to a high lr and falls far below the first one, once.",
  PolynomialDecayScheduleWithWarmup:
    "Warms up from 0, then falls along a power of the epochs left.",
  PolynomialLR: "Falls to 0 along a power of the epochs left.",
  ReduceLROnPlateau: "Lowers the lr whenever a metric has stopped getting better.",
  SequentialLR: "Runs schedulers one after another, each from its milestone on.",
  StepLR: "Multiplies the lr by gamma every step_size epochs.",
  WSDSchedule: "Warms up, holds the lr, and decays at the end.",
};
