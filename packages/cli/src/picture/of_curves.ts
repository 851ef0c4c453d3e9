import { type Curve, toSeries } from "../curve.ts";
import type { Line, Picture } from "./picture.ts";

interface Wishes {
  readonly log?: boolean;
  readonly label?: readonly string[];
  readonly title?: string;
  readonly xLabel: string;
  readonly width?: number;
  readonly height?: number;
}

/** The picture of schedules: one with its phases, several each with a line in the legend. */
export function toPicture(curves: readonly Curve[], wishes: Wishes): Picture {
  const lines = toSeries(curves).map(({ name, lrs }, i): Line => ({ name, values: lrs, style: i }));
  const isLabelled = lines.length > 1 || wishes.label !== undefined;
  const milestones = curves.flatMap(({ phases }) => phases.slice(1).map(({ start }) => start));
  const { title, xLabel, width, height } = wishes;
  return {
    title,
    description: `Learning rate of ${curves.map(({ name }) => name).join(" and of ")}`,
    panels: [{ title: "learning rate", lines, isLog: wishes.log, isHeld: true }],
    epochs: Math.max(...curves.map(({ epochs }) => epochs)),
    xLabel,
    phases: curves.length === 1 && curves[0].phases.length > 1 ? curves[0].phases : [],
    milestones: [...new Set(milestones)].sort((a, b) => a - b),
    legend: isLabelled ? lines : [],
    width,
    height,
  };
}
