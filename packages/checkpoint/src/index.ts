/**
 * PyTorch's checkpoint files in TypeScript: `.pt`, `.pth` and `.safetensors`.
 *
 * @module torch-optim-checkpoint
 */
export type { Checkpoint, CheckpointParts, Data, OptimizerPart, Values } from "./checkpoint.ts";
export { CheckpointError } from "./checkpoint_error.ts";
export { type LoadOptions, load_pt } from "./pt/load_pt.ts";
export type { PtValue } from "./pt/plain.ts";
export { type ReadOptions, read_pt } from "./pt/read_pt.ts";
export { save_pt, save_pt_to, write_pt } from "./pt/save_pt.ts";
export type { Sink } from "./sink.ts";
export type { Bytes, FileSource, ReadableHandle } from "./source.ts";
export type { DType, Tensor, TensorData } from "./tensor.ts";
