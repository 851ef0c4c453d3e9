/** The names that a person types, each with the class that it stands for. */
export const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ["constant", "ConstantLR"],
  ["linear", "LinearLR"],
  ["exponential", "ExponentialLR"],
  ["exp", "ExponentialLR"],
  ["step", "StepLR"],
  ["multistep", "MultiStepLR"],
  ["polynomial", "PolynomialLR"],
  ["cosine", "CosineAnnealingLR"],
  ["restarts", "CosineAnnealingWarmRestarts"],
  ["cyclic", "CyclicLR"],
  ["onecycle", "OneCycleLR"],
  ["plateau", "ReduceLROnPlateau"],
]);

/** The option in which a class has a length of its own, for those that have one. */
export const LENGTH_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["ConstantLR", "total_iters"],
  ["LinearLR", "total_iters"],
  ["PolynomialLR", "total_iters"],
  ["CosineAnnealingLR", "T_max"],
  ["CosineAnnealingWarmRestarts", "T_0"],
  ["OneCycleLR", "total_steps"],
]);
