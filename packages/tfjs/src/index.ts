/**
 * PyTorch's `torch.optim` inside TensorFlow.js:
 * `import { schedulable, scheduler_callback } from "torch-optim-tfjs"`.
 *
 * @module torch-optim-tfjs
 */
export {
  AveragedModel,
  type AveragedModelOptions,
  type AveragedModelState,
} from "./averaged_model.ts";
export { clip_grad_norm_ } from "./clip_grad_norm.ts";
export { Adadelta } from "./optimizers/adadelta.ts";
export { Adagrad } from "./optimizers/adagrad.ts";
export { Adam } from "./optimizers/adam.ts";
export { Adamax } from "./optimizers/adamax.ts";
export { AdamW } from "./optimizers/adamw.ts";
export { ASGD } from "./optimizers/asgd.ts";
export { Muon } from "./optimizers/muon.ts";
export { NAdam } from "./optimizers/nadam.ts";
export { RAdam } from "./optimizers/radam.ts";
export { RMSprop } from "./optimizers/rmsprop.ts";
export { Rprop } from "./optimizers/rprop.ts";
export { SGD } from "./optimizers/sgd.ts";
export {
  load_from_indexeddb,
  restore,
  save_to_indexeddb,
  state_of,
  type Training,
  type TrainingState,
} from "./restore.ts";
export { schedulable } from "./schedulable.ts";
export {
  type SchedulerCallback,
  type SchedulerCallbackOptions,
  scheduler_callback,
} from "./scheduler_callback.ts";
export {
  TorchOptimizer,
  type VariableGroup,
  type WithGroups,
} from "./torch_optimizer.ts";
export type { VariableLike } from "./variables.ts";
