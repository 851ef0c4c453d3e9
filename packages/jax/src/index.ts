/**
 * PyTorch's `torch.optim` inside jax-js: `import { adamw, chain, inject } from "torch-optim-jax"`.
 *
 * @module torch-optim-jax
 */
export {
  chain,
  clip_by_global_norm,
  type Injected,
  inject,
  masked,
  type Resumable,
} from "./combine.ts";
export { adadelta } from "./optimizers/adadelta.ts";
export { adagrad } from "./optimizers/adagrad.ts";
export { adam } from "./optimizers/adam.ts";
export { adamax } from "./optimizers/adamax.ts";
export { adamw } from "./optimizers/adamw.ts";
export { asgd } from "./optimizers/asgd.ts";
export { muon } from "./optimizers/muon.ts";
export { nadam } from "./optimizers/nadam.ts";
export { radam } from "./optimizers/radam.ts";
export { rmsprop } from "./optimizers/rmsprop.ts";
export { rprop } from "./optimizers/rprop.ts";
export { sgd } from "./optimizers/sgd.ts";
export type { GradientTransformation, TorchState, TorchTransformation } from "./transformation.ts";
