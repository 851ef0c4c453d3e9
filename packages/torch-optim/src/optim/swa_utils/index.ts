/**
 * Averages of a model's parameters over its training: `torch.optim.swa_utils.AveragedModel`.
 *
 * @module torch.optim.swa_utils
 */
export { SWALR, type SWALROptions } from "../lr_scheduler/swa_lr.ts";
export {
  AveragedModel,
  type AveragedModelOptions,
  type AveragedModelState,
} from "./averaged_model.ts";
export { get_ema_multi_avg_fn, get_swa_multi_avg_fn, type MultiAvgFn } from "./multi_avg_fn.ts";
