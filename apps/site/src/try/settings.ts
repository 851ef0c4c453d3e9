import { TRAINING_IMAGES } from "digits/images";
import type { DeviceChoice, Setup } from "./messages.ts";

/** Against what the plan is tried: nothing, a constant lr, or the pin with this number. */
export type Rival = "none" | "constant" | number;

/** What a person chooses for a try. */
export interface Settings extends Omit<Setup, "batches"> {
  readonly rival: Rival;
  /** Whether the schedules are stretched to the run. */
  readonly isStretched: boolean;
  readonly device: DeviceChoice;
}

export const FIRST: Settings = {
  rival: "constant",
  optimizer: "adamw",
  step: "batch",
  epochs: 30,
  batchSize: 64,
  seed: 0,
  isStretched: true,
  device: "best",
};

export const OPTIMIZERS: Readonly<Record<Settings["optimizer"], string>> = {
  sgd: "SGD with momentum",
  adam: "Adam",
  adamw: "AdamW",
};

/** Between what the numbers may lie. */
export const BOUNDS = {
  epochs: [1, 500],
  batchSize: [8, TRAINING_IMAGES],
  seed: [0, 2 ** 32 - 1],
} as const;

/** A number as it was typed, brought within its bounds; undefined if it is none. */
export function within(name: keyof typeof BOUNDS, typed: string): number | undefined {
  const [least, most] = BOUNDS[name];
  const value = Math.round(Number(typed));
  if (typed.trim() === "" || !Number.isFinite(value)) return undefined;
  return Math.min(Math.max(least, value), most);
}

/** What the trainings of a try have in common. */
export function setupOf({ epochs, batchSize, optimizer, seed, step }: Settings): Setup {
  return { epochs, batchSize, optimizer, seed, step };
}

/** How many batches an epoch has. */
export function batchesOf({ batchSize }: Pick<Setup, "batchSize">): number {
  return Math.ceil(TRAINING_IMAGES / batchSize);
}

/** How many steps the schedules take. */
export function stepsOf(setup: Pick<Setup, "batchSize" | "epochs" | "step">): number {
  return setup.step === "batch" ? setup.epochs * batchesOf(setup) : setup.epochs;
}
