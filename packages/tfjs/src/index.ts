/**
 * PyTorch's `torch.optim` inside TensorFlow.js:
 * `import { schedulable, scheduler_callback } from "torch-optim-tfjs"`.
 *
 * @module torch-optim-tfjs
 */
export { schedulable } from "./schedulable.ts";
export {
  type SchedulerCallback,
  type SchedulerCallbackOptions,
  scheduler_callback,
} from "./scheduler_callback.ts";
