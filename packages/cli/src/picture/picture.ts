/** A stretch of epochs with a name; `end` is the first epoch after it. */
export interface PicturePhase {
  readonly name: string;
  /** Which one it is, from 0 on. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

export interface Line {
  readonly name: string;
  /** The value at every epoch from 0 on. */
  readonly values: readonly number[];
  /** Which colour and dashes it has, counted from 0. */
  readonly style: number;
}

/** Lines over the epochs, with an axis of their own for the values. */
export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Whether the values' axis is logarithmic; what is not above 0 lies at its foot. */
  readonly isLog?: boolean;
  /** Whether the values' axis begins at 0. Default true. */
  readonly hasZero?: boolean;
  /** Whether a value holds until the next epoch, so that a jump is drawn upright. */
  readonly isHeld?: boolean;
  /** Whether the values are shares, written as per cent. */
  readonly isShare?: boolean;
}

/** Panels one above the other, with the same epochs. */
export interface Picture {
  readonly title?: string;
  /** What is said to those who do not see it. */
  readonly description: string;
  readonly panels: readonly Panel[];
  readonly epochs: number;
  readonly xLabel: string;
  /** They are shaded and named. */
  readonly phases: readonly PicturePhase[];
  /** Epochs with a rule through all panels. */
  readonly milestones: readonly number[];
  /** The names of the lines, to stand below; none if they go without. */
  readonly legend: readonly Line[];
  /** In pixels. */
  readonly width?: number;
  /** Of the whole; the panels take what the rest leaves, if that is enough. */
  readonly height?: number;
}
