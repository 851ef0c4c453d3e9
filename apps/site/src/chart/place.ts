import { scaleLinear } from "d3-scale";
import { epochTicks, type Scale, type Tick, valueScale, valueTicks } from "torch-optim-cli/ticks";
import type { View } from "../studio/studio.ts";
import type { ChartLine, ChartPhase } from "./line.ts";

/** Where what is drawn lies in the chart, in pixels. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A label with its place along an axis. */
export interface PlacedTick extends Tick {
  readonly at: number;
}

/** About as wide as a character of the labels is. */
const CHARACTER = 6.7;
const TICK_HEIGHT = 44;

/** How wide a label is, near enough. */
export function labelWidth(label: string): number {
  return label.length * CHARACTER;
}

/** The values' scale, from the foot of the plot to its top. */
export function scaleValues(lines: readonly ChartLine[], { isLog }: View, plot: Plot): Scale {
  const values = lines.flatMap((line) => Array.from(line.values).filter(Number.isFinite));
  const scale = valueScale(values.length > 0 ? values : [0, 1], { log: isLog });
  return scale.range([plot.top + plot.height, plot.top]);
}

export function placeValues(scale: Scale, { height }: Plot): PlacedTick[] {
  const count = Math.max(2, Math.round(height / TICK_HEIGHT));
  return valueTicks(scale, count, count + 2).map((tick) => ({ ...tick, at: scale(tick.value) }));
}

/** The epochs' scale, from the left of the plot to its right. */
export function scaleEpochs([from, to]: readonly [number, number], { left, width }: Plot): Scale {
  return scaleLinear([from, to], [left, left + width]);
}

/** Labels below the axis, in the unit that is asked for. */
export function placeEpochs(
  [from, to]: readonly [number, number],
  length: number,
  plot: Plot,
  { unit }: View,
  stepsPerEpoch = 1,
): PlacedTick[] {
  const size = unit === "shares" ? length / 100 : unit === "epochs" ? stepsPerEpoch : 1;
  const scale = scaleLinear([from / size, to / size], [plot.left, plot.left + plot.width]);
  const suffix = unit === "shares" ? "%" : "";
  const ticks =
    from === 0 && unit === "steps"
      ? epochTicks(to, plot.width, labelWidth)
      : apart(scale, plot.width).map((value) => ({ value, label: `${value}` }));
  return ticks.map(({ value, label }) => ({ value, label: label + suffix, at: scale(value) }));
}

/** Round numbers whose labels have room beside each other. */
function apart(scale: Scale, width: number): number[] {
  for (let count = 10; count > 1; count--) {
    const ticks = scale.ticks(count);
    const widest = Math.max(...ticks.map((tick) => labelWidth(`${tick}%`)));
    if ((ticks.length - 1) * (widest + 2 * CHARACTER) <= width) return ticks;
  }
  return scale.ticks(1);
}

/** A phase's name over it: whole if there is room, else its number, else nothing. */
export function placePhases(phases: readonly ChartPhase[], x: Scale, plot: Plot) {
  const placed = phases.flatMap((phase) => {
    const left = Math.max(x(phase.start), plot.left);
    const right = Math.min(x(phase.end), plot.left + plot.width);
    return right > left ? [{ ...phase, left, width: right - left }] : [];
  });
  const isRoomy = placed.every(({ name, width }) => labelWidth(name) + 4 <= width);
  return placed.map((phase) => {
    const label = isRoomy ? phase.name : `${phase.index + 1}`;
    return { ...phase, label: labelWidth(label) + 4 <= phase.width ? label : "" };
  });
}

/** A line as a path; where a value holds until the next one, and there is room to see it, with steps. */
export function pathOf({ epochs, values }: ChartLine, x: Scale, y: Scale, end: number): string {
  const { length } = epochs;
  const isHeld = length > 1 && x(epochs[1]) - x(epochs[0]) > 3;
  let path = "";
  let isOn = false;
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      isOn = false;
      continue;
    }
    const at = y(value).toFixed(1);
    path += `${isOn ? "L" : "M"}${x(epochs[i]).toFixed(1)},${at}`;
    isOn = true;
    const next = i + 1 < length ? epochs[i + 1] : Math.min(epochs[i] + 1, end);
    if (isHeld || i + 1 === length) path += `H${x(next).toFixed(1)}`;
  }
  return path;
}
