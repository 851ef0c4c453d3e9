/**
 * Gradients, clipped: `import { clip_grad_norm_ } from "torch-optim/nn/utils"`.
 *
 * @module torch.nn.utils
 */
export { type ClipGradNormOptions, clip_grad_norm_, clip_grad_value_ } from "./clip_grad.ts";
