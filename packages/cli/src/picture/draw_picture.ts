import { epochScale, epochTicks, type Scale } from "../ticks.ts";
import { makeKey } from "./key.ts";
import { EDGE, FONT_SIZE, label, stroke, TICK } from "./marks.ts";
import { darkScheme, INKS } from "./palette.ts";
import { drawPanel, type Placed, type WithAxis, withAxis } from "./panel.ts";
import type { Picture, PicturePhase } from "./picture.ts";
import { element } from "./svg.ts";
import { textWidth, wrapText } from "./text_width.ts";

const FONT = "Lato, Helvetica, Arial, sans-serif";
const WIDTH = 700;
const SMALL_SIZE = 11;
const HEADLINE_SIZE = 15;
const LINE_HEIGHT = 18;
const HEADLINE_HEIGHT = 22;
/** What a value's axis needs for its title. */
const Y_TITLE = 22;
/** What the epochs' axis needs for its labels, and for its title. */
const X_LABELS = 22;
const X_TITLE = 20;
/** Around a headline, a key. */
const GAP = 6;
const BETWEEN_PANELS = 18;
const PANEL_HEIGHT = { alone: 270, among: 150, least: 80 };

/** A picture as SVG. It has a ground of its own, and follows the reader's light or dark scheme. */
export function drawPicture(picture: Picture): string {
  const { width = WIDTH, title, phases, milestones, legend } = picture;
  const inside = width - 2 * EDGE;
  const panels = picture.panels.map((panel) => withAxis(panel, roughHeight(picture)));
  const x = placeEpochs(picture, panels, width);
  const headline = title ? wrapText(title, HEADLINE_SIZE, inside) : [];
  const namesFit = phases.every(({ name, start, end }) => fits(name, x(end) - x(start)));
  const key = makeKey(legend, namesFit ? [] : phases, inside);
  const rules = milestoneLabels(milestones, x);

  const names = EDGE + headline.length * HEADLINE_HEIGHT + (headline.length > 0 ? GAP : 0);
  const overRules = names + (phases.length > 0 ? LINE_HEIGHT : 0);
  const top = overRules + (rules.length > 0 ? LINE_HEIGHT : 4);
  const below = X_LABELS + X_TITLE + (key.height > 0 ? key.height + GAP : 0) + EDGE;
  const placed = place(panels, top, panelHeight(picture, top + below));
  const bottom = Math.max(...placed.map((panel) => panel.top + panel.height));

  return drawSheet(picture, width, bottom + below, [
    ...headline.map((line, i) =>
      label(line, [width / 2, EDGE + i * HEADLINE_HEIGHT + HEADLINE_SIZE], {
        "font-size": HEADLINE_SIZE,
      }),
    ),
    ...drawPhaseNames(phases, x, namesFit, names + FONT_SIZE),
    ...rules.map(({ shown, at }) =>
      label(shown, [at, overRules + FONT_SIZE], {
        "font-size": SMALL_SIZE,
        class: "faint",
        fill: INKS.faint.light,
      }),
    ),
    ...placed.flatMap((panel) => drawPanel(panel, picture, x)),
    ...drawEpochs(picture, x, bottom),
    key.draw(EDGE, bottom + X_LABELS + X_TITLE + GAP),
  ]);
}

/** The ground of a picture with what is drawn on it. */
function drawSheet(
  { description }: Picture,
  width: number,
  height: number,
  drawn: readonly string[],
): string {
  const sheet = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${Math.round(height * 100) / 100}`,
      role: "img",
      "aria-label": description,
      "font-family": FONT,
      "font-size": FONT_SIZE,
    },
    element("style", {}, darkScheme()),
    element("rect", { width, height, class: "ground", fill: INKS.ground.light }),
    ...drawn,
  );
  return `${sheet}\n`;
}

/** Where the epochs lie between the values' labels and the edge. */
function placeEpochs({ epochs }: Picture, panels: readonly WithAxis[], width: number): Scale {
  const labels = panels.flatMap(({ ticks }) => ticks.map((tick) => tick.label));
  const widest = Math.max(...labels.map((shown) => textWidth(shown, FONT_SIZE)));
  // The last label stands around the end of the axis.
  const right = width - EDGE - textWidth(String(epochs), FONT_SIZE) / 2;
  return epochScale(epochs).range([EDGE + Y_TITLE + widest + 2 * TICK, right]);
}

/** Before all is placed: how high a panel will be about, to choose its ticks. */
function roughHeight(picture: Picture): number {
  return panelHeight(picture, 2 * EDGE + 3 * LINE_HEIGHT + X_LABELS + X_TITLE);
}

/** @param rest - How high is what is not panels. */
function panelHeight({ height, panels }: Picture, rest: number): number {
  if (height === undefined) return panels.length === 1 ? PANEL_HEIGHT.alone : PANEL_HEIGHT.among;
  const room = (height - rest - (panels.length - 1) * BETWEEN_PANELS) / panels.length;
  return Math.max(PANEL_HEIGHT.least, room);
}

function place(panels: readonly WithAxis[], top: number, height: number): Placed[] {
  return panels.map((panel, i) => ({
    ...panel,
    top: top + i * (height + BETWEEN_PANELS),
    height,
  }));
}

function fits(shown: string, room: number): boolean {
  return textWidth(shown, FONT_SIZE) + 2 <= room;
}

/** The phases' names over the phases if all have room there, otherwise the numbers that have. */
function drawPhaseNames(
  phases: readonly PicturePhase[],
  x: Scale,
  namesFit: boolean,
  y: number,
): string[] {
  return phases.flatMap(({ name, index, start, end }) => {
    const shown = namesFit ? name : String(index);
    return fits(shown, x(end) - x(start)) ? [label(shown, [(x(start) + x(end)) / 2, y])] : [];
  });
}

/** What stands over the milestones: words or numbers over all of them, or nothing over any. */
function milestoneLabels(milestones: readonly number[], x: Scale) {
  const [left, right] = x.range();
  for (const inWords of [(milestone: number) => `milestone ${milestone}`, String]) {
    const labels = milestones.map((milestone) => {
      const half = textWidth(inWords(milestone), SMALL_SIZE) / 2;
      const at = Math.min(Math.max(x(milestone), left + half), right - half);
      return { shown: inWords(milestone), at, from: at - half, to: at + half };
    });
    if (labels.every(({ from }, i) => i === 0 || from >= labels[i - 1].to + GAP)) return labels;
  }
  return [];
}

function drawEpochs({ epochs, xLabel }: Picture, x: Scale, bottom: number): string[] {
  const [left, right] = x.range();
  const ticks = epochTicks(epochs, right - left, (shown) => textWidth(shown, FONT_SIZE));
  return [
    ...ticks.flatMap(({ value, label: shown }) => [
      stroke([x(value), bottom], [x(value), bottom + TICK], "axis"),
      label(shown, [x(value), bottom + X_LABELS - 5]),
    ]),
    label(xLabel, [(left + right) / 2, bottom + X_LABELS + FONT_SIZE]),
  ];
}
