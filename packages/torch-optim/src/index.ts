/**
 * All of the library in one namespace, as in PyTorch: `import * as torch from "torch-optim"`.
 *
 * @module torch
 */
export * as nn from "./nn/index.ts";
export * as optim from "./optim/index.ts";
export { type FloatArray, Parameter, type ParameterLike } from "./parameter.ts";
