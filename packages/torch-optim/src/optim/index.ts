export { Adafactor, type AdafactorOptions } from "./adafactor.ts";
export { Adam, type AdamOptions } from "./adam.ts";
export { AdamW, type AdamWOptions } from "./adamw.ts";
export { LBFGS, type LBFGSOptions } from "./lbfgs.ts";
export * from "./lr_scheduler/index.ts";
export * as lr_scheduler from "./lr_scheduler/index.ts";
export { Muon, type MuonOptions } from "./muon.ts";
export {
  Optimizer,
  type OptimizerOptions,
  type ParamGroup,
  type ParamGroupOptions,
  type Params,
} from "./optimizer.ts";
export type { OptimizerState } from "./optimizer_state.ts";
export type { SchedulableGroup, SchedulableOptimizer } from "./param_group.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
