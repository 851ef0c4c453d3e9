export * as nn from "./nn/index.ts";
export * as optim from "./optim/index.ts";
export { type FloatArray, Parameter, type ParameterLike } from "./parameter.ts";
