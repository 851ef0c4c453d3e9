import { INKS, lineInk, lineStyle, phaseTint } from "torch-optim-cli/palette";

/** A colour that follows the page's scheme, as CSS: those of the command line's pictures. */
export function ink(name: keyof typeof INKS): string {
  const { light, dark } = INKS[name];
  return `light-dark(${light}, ${dark})`;
}

/** The colour of the line with this number. */
export function lineColor(style: number): string {
  const { light, dark } = lineInk(style);
  return `light-dark(${light}, ${dark})`;
}

/** The dashes of the line with this number. */
export function lineDashes(style: number): string {
  return lineStyle(style).dashes;
}

export { phaseTint };
