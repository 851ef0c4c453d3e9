/**
 * What stands beside the optimizers in PyTorch's `torch.nn`: `torch.nn.utils`.
 */
export * as utils from "./utils/index.ts";
