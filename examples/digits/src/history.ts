import { csvFormat } from "d3-dsv";
import { z } from "zod";

/** What came of an epoch. */
export const EPOCH = z.strictObject({
  epoch: z.int().min(0),
  phase: z.string(),
  lr: z.number(),
  loss: z.number(),
  accuracy: z.number(),
});

export type Epoch = z.infer<typeof EPOCH>;

/** The history as CSV, every number in full. */
export function toCsv(history: readonly Epoch[]): string {
  return `${csvFormat([...history], ["epoch", "phase", "lr", "loss", "accuracy"])}\n`;
}
