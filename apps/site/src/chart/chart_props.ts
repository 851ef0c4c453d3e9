import type { View } from "../studio/studio.ts";
import type { ChartLine, ChartPhase } from "./line.ts";
import type { Domain } from "./place.ts";

/** What a chart shows, and how. */
export interface ChartProps {
  lines: readonly ChartLine[];
  /** They are shaded and named, unless there is but one. */
  phases?: readonly ChartPhase[];
  /** How many epochs the axis has. */
  length: number;
  view: View;
  /** How many steps an epoch has, where the axis counts epochs. */
  stepsPerEpoch?: number;
  /** What shares are of; if it is left out, the whole length. */
  total?: number;
  /** In pixels. */
  height?: number;
  /** What is said to those who do not see it. */
  description: string;
  /** What the values are. */
  title?: string;
  /** Whether a value holds until the next epoch, drawn with steps where there is room. Default true. */
  isHeld?: boolean;
  canZoom?: boolean;
  /** Whether it has the buttons to zoom and the key to its phases, as one of several charts. Default true. */
  hasKey?: boolean;
  /** What is looked at, and where the cursor is, if others beside it decide that too. */
  domain?: Domain;
  cursor?: number;
}
