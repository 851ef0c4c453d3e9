/**
 * PyTorch's checkpoint files in TypeScript: `.pt`, `.pth` and `.safetensors`.
 *
 * @module torch-optim-checkpoint
 */

export type { Checkpoint, CheckpointParts, Data, OptimizerPart, Values } from "./checkpoint.ts";
export { CheckpointError } from "./checkpoint_error.ts";
export { load_sharded, type Open } from "./hugging_face/load_sharded.ts";
export { load_trainer } from "./hugging_face/load_trainer.ts";
export { type LoadOptions, load_pt } from "./pt/load_pt.ts";
export type { PtValue } from "./pt/plain.ts";
export { type ReadOptions, read_pt } from "./pt/read_pt.ts";
export { save_pt, save_pt_to, write_pt } from "./pt/save_pt.ts";
export { load_safetensors } from "./safetensors/load_safetensors.ts";
export { read_safetensors, type Safetensors } from "./safetensors/read_safetensors.ts";
export { save_safetensors, save_safetensors_to } from "./safetensors/save_safetensors.ts";
export { write_safetensors } from "./safetensors/write_safetensors.ts";
export type { Sink } from "./sink.ts";
export type { Bytes, FileSource, ReadableHandle } from "./source.ts";
export {
  type ReadCheckpointOptions,
  read_checkpoint,
  type WriteOptions,
  write_checkpoint,
} from "./store/write_checkpoint.ts";
export type { DType, Tensor, TensorData } from "./tensor.ts";
