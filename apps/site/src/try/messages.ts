import type { TrainingOptions } from "digits/training";
import type { Spec } from "torch-optim/lr_scheduler";

/** What the trainings of a race have in common. */
export interface Setup extends Omit<TrainingOptions, "lr"> {
  /** Passes over the data. */
  readonly epochs: number;
  /** After so many batches it ends, whatever the number of epochs. */
  readonly batches?: number;
}

/** A schedule that is tried, its lengths numbers. */
export interface Entrant {
  readonly spec: Spec;
  readonly lr: number;
}

/** On what the gradients are computed: a GPU where there is one, or always wasm. */
export type DeviceChoice = "best" | "wasm";

/** What the page asks of the worker; one race is on at a time. */
export type Order =
  | {
      readonly kind: "race";
      readonly device: DeviceChoice;
      readonly setup: Setup;
      readonly entrants: readonly Entrant[];
    }
  | { readonly kind: "pause" | "goOn" | "stop" };

/** What came of one step of a schedule. */
export interface Row {
  /** Counted from 0. */
  readonly step: number;
  readonly epoch: number;
  readonly lr: number;
  readonly loss: number;
  /** On the images held out, if an epoch ended with the step. */
  readonly accuracy?: number;
}

/** What is new of a training: what came of its steps, and why it ended before the others, if it did. */
export interface News {
  readonly rows: readonly Row[];
  readonly ended?: string;
}

/** What the worker says. */
export type Report =
  | { readonly kind: "began"; readonly device: "webgpu" | "wasm" }
  | { readonly kind: "news"; readonly news: readonly News[] }
  | { readonly kind: "paused" | "stopped" | "done" }
  | { readonly kind: "failed"; readonly reason: string };
