import { INKS } from "./palette.ts";
import { element, lineThrough, text } from "./svg.ts";

export const FONT_SIZE = 12;
/** How far a picture's content is from its edge. */
export const EDGE = 14;
/** How long the tick of an axis is. */
export const TICK = 4;

type Place = readonly [x: number, y: number];
type Attributes = Readonly<Record<string, string | number>>;

/** Text around a place. */
export function label(content: string, [x, y]: Place, attributes: Attributes = {}): string {
  return text(content, {
    x,
    y,
    class: "text",
    fill: INKS.text.light,
    "text-anchor": "middle",
    ...attributes,
  });
}

/** A thin straight line. */
export function stroke(
  from: Place,
  to: Place,
  ink: "axis" | "grid" | "rule",
  attributes: Attributes = {},
): string {
  return element("path", {
    d: lineThrough([from, to]),
    class: ink,
    fill: "none",
    stroke: INKS[ink].light,
    ...attributes,
  });
}
