import { outline } from "../outline.ts";
import { thin } from "../thin.ts";
import { type Scale, type Tick, valueScale, valueTicks } from "../ticks.ts";
import { TINT_OPACITY } from "./key.ts";
import { EDGE, FONT_SIZE, label, stroke, TICK } from "./marks.ts";
import { lineStyle, phaseTint } from "./palette.ts";
import type { Line, Panel, Picture } from "./picture.ts";
import { element, lineThrough } from "./svg.ts";

const PIXELS_A_TICK = 45;
const PIXELS_A_DECADE = 15;
/** With this many epochs or fewer, each has its dot. */
const DOTTED = 40;

/** A panel with the axis of its values. */
export interface WithAxis extends Panel {
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
}

/** A panel at its place. */
export interface Placed extends WithAxis {
  readonly top: number;
  readonly height: number;
}

/** @param height - How high the panel will be, about. */
export function withAxis(panel: Panel, height: number): WithAxis {
  const values = panel.lines.flatMap((line) => line.values);
  const scale = valueScale(values, { log: panel.isLog, zero: panel.hasZero });
  const count = Math.max(2, Math.round(height / PIXELS_A_TICK));
  const ticks = valueTicks(scale, count, Math.floor(height / PIXELS_A_DECADE));
  return { ...panel, scale, ticks: panel.isShare ? ticks.map(asShare) : ticks };
}

function asShare({ value }: Tick): Tick {
  return { value, label: `${Number((100 * value).toPrecision(6))} %` };
}

export function drawPanel(panel: Placed, picture: Picture, x: Scale): string[] {
  const { top, height, title } = panel;
  const [left, right] = x.range();
  const bottom = top + height;
  const titlePlace = [EDGE + FONT_SIZE, Math.round(top + height / 2)] as const;
  return [
    ...picture.phases.map(({ start, end, index }) =>
      element("rect", {
        class: "phase",
        x: x(start),
        y: top,
        width: x(end) - x(start),
        height,
        fill: phaseTint(index),
        "fill-opacity": TINT_OPACITY,
      }),
    ),
    ...panel.ticks.flatMap((tick) => drawValue(tick, panel, left, right)),
    ...picture.milestones.map((milestone) =>
      stroke([x(milestone), top], [x(milestone), bottom], "rule", { "stroke-dasharray": "3 3" }),
    ),
    stroke([left, bottom], [right, bottom], "axis"),
    ...panel.lines.map((line) => drawLine(line, panel, picture.epochs, x)),
    label(title, titlePlace, { transform: `rotate(-90 ${titlePlace.join(" ")})` }),
  ];
}

function drawValue({ value, label: shown }: Tick, panel: Placed, left: number, right: number) {
  const y = heightOf(value, panel);
  return [
    stroke([left, y], [right, y], "grid"),
    stroke([left - TICK, y], [left, y], "axis"),
    label(shown, [left - TICK - 4, y + 4], { "text-anchor": "end" }),
  ];
}

/** Where a value lies; on a logarithmic axis, what lies below it at its foot. */
function heightOf(value: number, { top, height, scale }: Placed): number {
  const [lowest] = scale.domain();
  return top + height * (1 - scale(Math.max(value, lowest)));
}

function drawLine({ values, style }: Line, panel: Placed, epochs: number, x: Scale): string {
  const { class: name, color, dashes } = lineStyle(style);
  const [left, right] = x.range();
  const heights = values.map((value) => heightOf(value, panel));
  const columns = Math.floor(right - left);
  const corners = panel.isHeld ? outline(heights, columns) : thin(heights, columns);
  const line = element("path", {
    d: lineThrough(corners.map(([epoch, y]) => [x(epoch), y])),
    class: name,
    fill: "none",
    stroke: color,
    "stroke-width": 2,
    "stroke-linejoin": "round",
    // Alone, a line needs no dashes to be told from others.
    "stroke-dasharray": (panel.lines.length > 1 && dashes) || undefined,
  });
  if (epochs > DOTTED) return line;
  const dots = heights.map((y, epoch) =>
    element("circle", { cx: x(epoch), cy: y, r: 3, class: name, fill: color }),
  );
  return line + dots.join("");
}
