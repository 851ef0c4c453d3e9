/**
 * PyTorch's checkpoint files in TypeScript: `.pt`, `.pth` and `.safetensors`.
 *
 * @module torch-optim-checkpoint
 */
export { CheckpointError } from "./checkpoint_error.ts";
export type { PtValue } from "./pt/plain.ts";
export { type ReadOptions, read_pt } from "./pt/read_pt.ts";
export type { Bytes, FileSource, ReadableHandle } from "./source.ts";
export type { DType, Tensor, TensorData } from "./tensor.ts";
