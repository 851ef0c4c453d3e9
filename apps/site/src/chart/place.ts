import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { jumpsAfter } from "torch-optim-cli/jumps";
import { textWidth } from "torch-optim-cli/text_width";
import {
  epochTicks,
  type Scale,
  shortNumber,
  type Tick,
  valueScale,
  valueTicks,
} from "torch-optim-cli/ticks";
import type { View } from "../studio/studio.ts";
import type { ChartLine, ChartPhase } from "./line.ts";

/** Where what is drawn lies in the chart, in pixels. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A stretch of epochs that is looked at. */
export type Domain = readonly [from: number, to: number];

/** What the axis below counts, and how many epochs one of that is. */
export interface AxisUnit {
  readonly name: View["unit"];
  readonly size: number;
}

/** A label with its place along an axis. */
export interface PlacedTick extends Tick {
  readonly at: number;
  /** Where the middle of its label is, if that had to make room. */
  readonly labelAt?: number;
}

/** A phase that can be seen, with as much of its name as has room. */
export interface PlacedPhase extends ChartPhase {
  readonly left: number;
  readonly width: number;
  readonly label: string;
}

const FONT_SIZE = 12;
const PIXELS_A_TICK = 44;
const PIXELS_A_DECADE = 18;
/** Between two labels. */
const GAP = 12;
/** From how many pixels an epoch on its value is drawn as the step that it is. */
const ROOMY = 3;

/** About how wide a label is, rather more than less. */
export function labelWidth(label: string): number {
  return textWidth(label, FONT_SIZE);
}

/** The values' scale, from the foot of the plot to its top. */
export function scaleValues(
  lines: readonly ChartLine[],
  isLog: boolean,
  { top, height }: Pick<Plot, "top" | "height">,
): Scale {
  const values = lines.flatMap((each) => Array.from(each.values).filter(Number.isFinite));
  const scale = valueScale(values.length > 0 ? values : [0, 1], { log: isLog });
  return scale.range([top + height, top]);
}

export function placeValues(scale: Scale, height: number): PlacedTick[] {
  const count = Math.max(2, Math.round(height / PIXELS_A_TICK));
  const ticks = valueTicks(scale, count, Math.max(2, Math.floor(height / PIXELS_A_DECADE)));
  return ticks.map((tick) => ({ ...tick, at: scale(tick.value) }));
}

/** The epochs' scale, from the left of the plot to its right. */
export function scaleEpochs(domain: Domain, { left, width }: Plot): Scale {
  return scaleLinear(domain, [left, left + width]);
}

/** An epoch in the unit of the axis. */
export function inUnit(epoch: number, { name, size }: AxisUnit): string {
  return name === "shares" ? `${shortNumber(epoch / size)} %` : shortNumber(epoch / size);
}

/** Labels below the axis, none of which meets another. */
export function placeEpochs([from, to]: Domain, plot: Plot, unit: AxisUnit): PlacedTick[] {
  const suffix = unit.name === "shares" ? " %" : "";
  const measure = (label: string) => labelWidth(label + suffix);
  const [first, last] = [from / unit.size, to / unit.size];
  const x = scaleLinear([first, last], [plot.left, plot.left + plot.width]);
  const ticks =
    from === 0 && Number.isInteger(last)
      ? epochTicks(last, plot.width, measure)
      : roundTicks(x, unit.name === "steps", measure);
  return ticks.map(({ value, label }) => ({ value, label: label + suffix, at: x(value) }));
}

/** Round numbers that have room beside each other. */
function roundTicks(x: Scale, isWhole: boolean, measure: (label: string) => number): Tick[] {
  for (let count = 10; count > 1; count--) {
    const ticks = x
      .ticks(count)
      .filter((value) => !isWhole || Number.isInteger(value))
      .map((value) => ({ value, label: String(Number(value.toPrecision(12))) }));
    const areApart = ticks.every(({ value, label }, i) => {
      const next = ticks[i + 1];
      return !next || x(value) + (measure(label) + measure(next.label)) / 2 + GAP <= x(next.value);
    });
    if (areApart) return ticks;
  }
  return [];
}

/** The phases within the plot: each with its name over it, or else with its number, if that has room. */
export function placePhases(phases: readonly ChartPhase[], x: Scale, plot: Plot): PlacedPhase[] {
  return phases.flatMap((phase) => {
    const left = Math.max(x(phase.start), plot.left);
    const width = Math.min(x(phase.end), plot.left + plot.width) - left;
    if (width <= 0) return [];
    const labels = [phase.name, String(phase.index), ""];
    const label = labels.find((each) => labelWidth(each) + GAP / 2 <= width) ?? "";
    return [{ ...phase, left, width, label }];
  });
}

/** The numbers over the milestones: all of them, or none where they would meet. */
export function placeMilestones(
  phases: readonly PlacedPhase[],
  [from]: Domain,
  plot: Plot,
  unit: AxisUnit,
): PlacedTick[] {
  const right = plot.left + plot.width;
  const ticks = phases
    .filter(({ start }) => start > from)
    .map(({ start, left }) => {
      const label = inUnit(start, unit);
      const half = labelWidth(label) / 2;
      const labelAt = Math.min(Math.max(left, plot.left + half), right - half);
      return { value: start, label, at: left, labelAt };
    });
  const areApart = ticks.every(({ label, labelAt }, i) => {
    const next = ticks[i + 1];
    const reach = (labelWidth(label) + labelWidth(next?.label ?? "") + GAP) / 2;
    return !next || labelAt + reach <= next.labelAt;
  });
  return areApart ? ticks : ticks.map((tick) => ({ ...tick, label: "" }));
}

/**
 * A line as a path. Where a value holds until the next epoch, and there is room to see it, it has steps;
 * without that room, it goes upright where it jumps. Its last epoch it fills.
 */
export function pathOf(
  { epochs, values }: ChartLine,
  x: Scale,
  y: Scale,
  { isHeld, end }: { readonly isHeld: boolean; readonly end: number },
): string {
  const { length } = epochs;
  const heights = Array.from(values, y);
  const hasSteps = isHeld && length > 1 && x(epochs[1]) - x(epochs[0]) > ROOMY;
  const corners: [number, number][] = [];
  for (let i = 0; i < length; i++) {
    const isLast = i + 1 === length;
    corners.push([x(epochs[i]), heights[i]]);
    const next = isLast ? Math.min(epochs[i] + 1, end) : epochs[i + 1];
    const holds = hasSteps || isLast || (next === epochs[i] + 1 && jumpsAfter(i, heights));
    if (isHeld && holds) corners.push([x(next), heights[i]]);
  }
  const draw = line()
    .defined(([, height]) => Number.isFinite(height))
    .digits(1);
  return draw(corners) ?? "";
}
