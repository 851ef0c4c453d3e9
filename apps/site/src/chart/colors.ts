import { INKS, type Ink, lineInk, lineStyle } from "torch-optim-cli/palette";

export { phaseTint } from "torch-optim-cli/palette";

/**
 * A colour of the command line's pictures, as CSS. It follows the scheme that is in force where it is
 * used, in a shadow root too, and whoever embeds a chart can choose another by its variable.
 */
export function ink(name: keyof typeof INKS): string {
  return `var(--torch-curve-${name}, ${inScheme(INKS[name])})`;
}

/** The colour of the line with this number. */
export function lineColor(style: number): string {
  return `var(--torch-curve-${lineStyle(style).class}, ${inScheme(lineInk(style))})`;
}

function inScheme({ light, dark }: Ink): string {
  return `light-dark(${light}, ${dark})`;
}

/** The dashes of the line with this number, by which lines are told apart without colours. */
export function lineDashes(style: number): string {
  return lineStyle(style).dashes;
}
