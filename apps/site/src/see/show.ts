import { shortNumber } from "torch-optim-cli/ticks";

/** A value as a table shows it: at most six digits. */
export function show(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "–" : shortNumber(value);
}
