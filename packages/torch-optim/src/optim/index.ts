/**
 * All optimizers, `import { AdamW } from "torch-optim/optim"`. What is in `torch.optim.lr_scheduler` is
 * here as well: `torch.optim.SequentialLR` and `torch.optim.lr_scheduler.SequentialLR` are the same class.
 *
 * @module torch.optim
 */
export { uses_compiled_kernels } from "../memory/copies.ts";
export { type OptionTable, option_table } from "../option_table.ts";
export { type Numbers, zeros_like } from "../parameter.ts";
export { Adadelta, type AdadeltaOptions } from "./adadelta.ts";
export { Adafactor, type AdafactorOptions } from "./adafactor.ts";
export { Adagrad, type AdagradOptions } from "./adagrad.ts";
export { Adam, type AdamOptions } from "./adam.ts";
export { Adamax, type AdamaxOptions } from "./adamax.ts";
export { AdamW, type AdamWOptions } from "./adamw.ts";
export { ASGD, type ASGDOptions } from "./asgd.ts";
export * as entry from "./entry.ts";
export { LBFGS, type LBFGSOptions } from "./lbfgs.ts";
export * from "./lr_scheduler/index.ts";
export * as lr_scheduler from "./lr_scheduler/index.ts";
export { Muon, type MuonOptions } from "./muon.ts";
export { NAdam, type NAdamOptions } from "./nadam.ts";
export { Optimizer } from "./optimizer.ts";
export type { OptimizerState, TypedOptimizerState } from "./optimizer_state.ts";
export * as option from "./option.ts";
export type { SchedulableGroup, SchedulableOptimizer } from "./param_group.ts";
export type {
  NamedParameter,
  OptimizerOptions,
  ParameterList,
  ParamGroup,
  ParamGroupOptions,
  Params,
} from "./params.ts";
export { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
export { RAdam, type RAdamOptions } from "./radam.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export { Rprop, type RpropOptions } from "./rprop.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
export type { StateField, StateTable } from "./state_table.ts";
export * as swa_utils from "./swa_utils/index.ts";
