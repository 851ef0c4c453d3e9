/** What came of an epoch. */
export interface Epoch {
  readonly epoch: number;
  readonly phase: number;
  readonly lr: number;
  readonly loss: number;
  readonly accuracy: number;
}

const COLUMNS = ["epoch", "phase", "lr", "loss", "accuracy"] as const;

/** The history as CSV, every number in full. */
export function toCsv(history: readonly Epoch[]): string {
  const rows = history.map((epoch) => COLUMNS.map((column) => epoch[column]).join(","));
  return `${[COLUMNS.join(","), ...rows].join("\n")}\n`;
}
