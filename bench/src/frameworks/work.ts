/** What is measured: an update alone, or a training step with it. */
export type Work = "update" | "digits";

/** How a table calls it. */
export const WORK: Readonly<Record<Work, string>> = {
  update: "update of 1,000,000 parameters",
  digits: "training step of the digits",
};

/** The seconds of the framework's own Adam and of ours, a round each. */
export interface Beside {
  readonly where: string;
  readonly work: Work;
  readonly theirs: readonly number[];
  readonly ours: readonly number[];
}

export const LR = 1e-3;
/** Of the update alone. */
export const PARAMETERS = 1e6;
/** Of the digits: images in a batch, and units between 64 pixels and 10 digits. */
export const BATCH = 128;
export const HIDDEN = 64;
