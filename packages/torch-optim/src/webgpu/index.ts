/**
 * The optimizers over WebGPU buffers.
 *
 * @module torch-optim/webgpu
 */
export { encode, encode_step } from "./encode.ts";
export { GPUArray } from "./gpu_array.ts";
export { type GPUNumbers, GPUParameter, type GPUParameterInit } from "./gpu_parameter.ts";
export { read_state_dict } from "./read_state_dict.ts";
export { type ResizeOptions, resize } from "./resize.ts";
export { SHADER_FUNCTIONS, type Shader, type Variant } from "./shader.ts";
