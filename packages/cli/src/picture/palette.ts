/** A colour for a light ground and the one that stands for it on a dark one. */
export interface Ink {
  readonly light: string;
  readonly dark: string;
}

export const INKS = {
  ground: { light: "#ffffff", dark: "#16181d" },
  text: { light: "#333333", dark: "#d8dade" },
  faint: { light: "#6e6e6e", dark: "#9aa0a8" },
  axis: { light: "#555555", dark: "#9aa0a8" },
  grid: { light: "#dddddd", dark: "#343841" },
  rule: { light: "#888888", dark: "#8a8f98" },
} satisfies Record<string, Ink>;

// Paul Tol's "bright" colours, which those who confuse colours can tell apart, and lighter ones after
// them for dark grounds.
const LINES: readonly Ink[] = [
  { light: "#4477aa", dark: "#7fb2e5" },
  { light: "#ee6677", dark: "#ff8f9b" },
  { light: "#228833", dark: "#62c474" },
  { light: "#ccbb44", dark: "#e3d46a" },
  { light: "#66ccee", dark: "#8adcf7" },
  { light: "#aa3377", dark: "#dd7fb5" },
];

/** For print without colours; one fewer, so that no pair comes again before the 31st line. */
const DASHES = ["", "6 3", "2 2", "8 3 2 3", "4 2 1 2"];

/** From hue to hue, so that neighbours differ much and none comes again. */
const GOLDEN_ANGLE = 180 * (3 - Math.sqrt(5));
const FIRST_HUE = 28;

export interface Style {
  readonly class: string;
  readonly color: string;
  readonly dashes: string;
}

/** How the line with this number is drawn. */
export function lineStyle(i: number): Style {
  const color = i % LINES.length;
  return { class: `line${color}`, color: LINES[color].light, dashes: DASHES[i % DASHES.length] };
}

/** The colours of the line with this number. */
export function lineInk(i: number): Ink {
  return LINES[i % LINES.length];
}

/** A colour for each phase, to be laid thinly over any ground. */
export function phaseTint(i: number): string {
  return hex((FIRST_HUE + i * (360 - GOLDEN_ANGLE)) % 360);
}

/** The colour with this hue in degrees, of middling saturation and lightness. */
function hex(hue: number): string {
  const channel = (shift: number) => {
    const k = (shift + hue / 30) % 12;
    const value = 0.5 - 0.3 * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/**
 * What a reader's dark scheme changes. The light colours stand at the elements themselves, so that
 * programs that know no style sheets draw the picture too.
 */
export function darkScheme(): string {
  const rules = [
    ...Object.entries(INKS).map(([name, { dark }]) => [name, dark]),
    ...LINES.map(({ dark }, i) => [`line${i}`, dark]),
  ].map(
    ([name, dark]) => `.${name}:not([fill=none]){fill:${dark}}.${name}[stroke]{stroke:${dark}}`,
  );
  return `@media (prefers-color-scheme: dark){${rules.join("")}}`;
}
