import type { OptimizerState, SchedulerState, TypedOptimizerState } from "torch-optim/optim";
import type { PtValue } from "./pt/plain.ts";
import type { Tensor, TensorData } from "./tensor.ts";

/** Data that JSON can hold, infinite numbers and NaN included. */
export type Data =
  | null
  | boolean
  | number
  | string
  | readonly Data[]
  | { readonly [key: string]: Data | undefined };

/** The values of a parameter or a buffer: a `Parameter`, a tensor, or an array. */
export type Values =
  | Tensor
  | { readonly data: TensorData | readonly number[]; readonly shape?: readonly number[] }
  | TensorData
  | readonly number[];

/** An optimizer, or its state. */
export type OptimizerPart =
  | {
      state_dict(options: { arrays: "typed" }): TypedOptimizerState;
      readonly param_groups: readonly { readonly params: readonly object[] }[];
    }
  | OptimizerState
  | TypedOptimizerState;

/** What is written into a checkpoint; each part may be left out. */
export interface CheckpointParts {
  /** The model's parameters and buffers by their names, as Python's `model.state_dict()` has them. */
  model?: { readonly [name: string]: Values };
  /**
   * The optimizer, or its `state_dict()` with arrays of either kind. A state says nothing of shapes: its
   * parameters are found in the model by their names, if they have some, or else are as many and stand
   * in the same order.
   */
  optimizer?: OptimizerPart;
  /** The scheduler, or its `state_dict()`. */
  scheduler?: { state_dict(): object } | object;
  /** Whatever else goes on with it. */
  extra?: { readonly [key: string]: Data | undefined };
}

/** What a checkpoint holds; a part that it does not have is empty. */
export interface Checkpoint {
  /** The model's parameters and buffers by their names. */
  model: { [name: string]: Tensor };
  /** For the `load_state_dict` of an optimizer. */
  optimizer: TypedOptimizerState;
  /** For the `load_state_dict` of a scheduler. */
  scheduler: SchedulerState;
  /** Whatever else is in it. */
  extra: { [key: string]: PtValue };
}
