import { type Curve, optionsOf, toSeries } from "../curve.ts";
import type { Line, Panel, Picture } from "./picture.ts";

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
  const options = optionsOf(curves);
  const panels = options.map((option): Panel => {
    const lines = toSeries(curves, option).map(
      ({ name, values, index }): Line => ({ name, values, style: index }),
    );
    const title = option === "lr" ? "learning rate" : option.replaceAll("_", " ");
    return { title, lines, isLog: wishes.log, isHeld: true };
  });
  const legend = panels.reduce((a, b) => (b.lines.length > a.lines.length ? b : a)).lines;
  const isLabelled = legend.length > 1 || wishes.label !== undefined;
  const milestones = curves.flatMap(({ phases }) => phases.slice(1).map(({ start }) => start));
  const { title, xLabel, width, height } = wishes;
  return {
    title,
    description: `${panels.length === 1 && options[0] === "lr" ? "Learning rate" : "Course"} of ${curves.map(({ name }) => name).join(" and of ")}`,
    panels,
    epochs: Math.max(...curves.map(({ epochs }) => epochs)),
    xLabel,
    phases: curves.length === 1 && curves[0].phases.length > 1 ? curves[0].phases : [],
    milestones: [...new Set(milestones)].sort((a, b) => a - b),
    legend: isLabelled ? legend : [],
    width,
    height,
  };
}
