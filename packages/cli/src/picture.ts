import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { parse, textMetrics, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { epochScale, lrScale, lrTicks } from "./axes.ts";
import { type Curve, type Phase, toSeries } from "./curve.ts";
import { thin } from "./thin.ts";

const FONT = "Lato";
const FONT_FILE = "@expo-google-fonts/lato/400Regular/Lato_400Regular.ttf";
const WIDTH = 640;
const HEIGHT = 300;
/** The pixels of a PNG for each unit of the drawing: 300 dots an inch at a width of 7 inches. */
const ZOOM = 3;

// Paul Tol's "bright" colours, which those who confuse colours can tell apart, and dashes for
// print without colours; one fewer, so that no pair of them comes again before the 31st line.
const COLORS = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377"];
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2, 1, 2]];
const SHADES = ["#dfe8f1", "#f8ead2"];
const INK = "#333333";
/** With this many epochs or fewer, each has its dot. */
const DOTTED = 40;
const FONT_SIZE = 12;
/** How wide a letter is, on the average, for a font's size of 1. */
const LETTER_WIDTH = 0.52;

declare module "vega" {
  const textMetrics: { width(item: { fontSize?: number; limit?: number }, text: string): number };
}

// Vega cannot measure text in Node.js, and takes every letter for half as wide again.
textMetrics.width = ({ fontSize = FONT_SIZE, limit }, text) =>
  Math.min(LETTER_WIDTH * fontSize * text.length, limit || Infinity);

interface PhaseMark extends Phase {
  readonly middle: number;
  readonly shade: string;
}

/** Curves over the epochs as SVG, on a ground of its own so that any page may be behind it. */
export function drawSvg(curves: readonly Curve[], log: boolean): Promise<string> {
  const { spec } = compile(describe(curves, log));
  return new View(parse(spec), { renderer: "none" }).toSVG();
}

export function toPng(svg: string): Buffer {
  const font = createRequire(import.meta.url).resolve(FONT_FILE);
  // The system's fonts are there for letters that this one lacks, in the names of files.
  const options = { fontFiles: [font], loadSystemFonts: true, defaultFontFamily: FONT };
  return new Resvg(svg, { font: options, fitTo: { mode: "zoom", value: ZOOM } }).render().asPng();
}

function describe(curves: readonly Curve[], log: boolean): TopLevelSpec {
  const series = toSeries(curves);
  const epochs = Math.max(...curves.map((curve) => curve.epochs));
  const lr = lrScale(series, log);
  const [lowest] = lr.domain();
  const names = series.map(({ name }) => name);
  const phases = curves.length === 1 && curves[0].phases.length > 1 ? curves[0].phases : [];
  const milestones = curves.flatMap((curve) => curve.phases.slice(1).map(({ start }) => start));
  const yTicks = lrTicks(lr, 6, log);
  const labels = Object.fromEntries(yTicks.map(({ value, label }) => [value, label]));
  const points = series.flatMap(({ name, lrs }, i) =>
    thin(lrs, WIDTH).map(([epoch, value]) => ({
      name,
      color: COLORS[i % COLORS.length],
      epoch,
      // What lies below a logarithmic axis is drawn at its foot.
      lr: Math.max(value, lowest),
    })),
  );

  const x = {
    type: "quantitative" as const,
    title: "epoch",
    axis: { tickMinStep: 1, tickCount: 10, grid: false },
    scale: { domain: epochScale(epochs).domain(), nice: false },
  };
  const y = {
    type: "quantitative" as const,
    title: "learning rate",
    axis: {
      domain: false,
      values: yTicks.map(({ value }) => value),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
    },
    scale: { domain: lr.domain(), type: log ? ("log" as const) : ("linear" as const), nice: false },
  };
  const byName = {
    field: "name",
    type: "nominal" as const,
    sort: null,
    legend: series.length > 1 ? { title: null, orient: "bottom" as const, columns: 1 } : null,
  };
  return {
    background: "#ffffff",
    padding: 14,
    width: WIDTH,
    height: HEIGHT,
    config: {
      font: `${FONT}, Helvetica, Arial, sans-serif`,
      view: { stroke: null },
      axis: {
        gridColor: "#dddddd",
        domainColor: INK,
        tickColor: INK,
        labelColor: INK,
        titleColor: INK,
        labelFontSize: FONT_SIZE,
        titleFontSize: FONT_SIZE + 1,
        titleFontWeight: "normal",
        titlePadding: 10,
        labelFlush: false,
      },
      legend: {
        labelColor: INK,
        labelFontSize: FONT_SIZE,
        symbolSize: 600,
        labelLimit: WIDTH - 100,
      },
    },
    layer: [
      {
        data: { values: phases.map((phase, i) => toMark(phase, i, epochs)) },
        encoding: {
          x: { field: "start", ...x },
          x2: { field: "end" },
          fill: { field: "shade", type: "nominal", scale: null },
        },
        mark: { type: "rect", fillOpacity: 0.6 },
      },
      {
        data: { values: milestones.map((milestone) => ({ milestone })) },
        mark: { type: "rule", strokeDash: [3, 3], color: "#888888" },
        encoding: { x: { field: "milestone", ...x } },
      },
      {
        data: { values: points },
        mark: {
          type: "line",
          strokeWidth: 2,
          strokeJoin: "round",
          clip: false,
        },
        encoding: {
          x: { field: "epoch", ...x },
          y: { field: "lr", ...y },
          color: { ...byName, scale: { domain: names, range: COLORS } },
          strokeDash: { ...byName, scale: { domain: names, range: DASHES } },
        },
      },
      {
        data: { values: epochs <= DOTTED ? points : [] },
        mark: { type: "circle", size: 36, opacity: 1 },
        encoding: {
          x: { field: "epoch", ...x },
          y: { field: "lr", ...y },
          fill: { field: "color", type: "nominal", scale: null },
        },
      },
      {
        data: { values: phases.map((phase, i) => toMark(phase, i, epochs)) },
        encoding: { x: { field: "middle", ...x }, y: { value: -8 }, text: { field: "name" } },
        mark: { type: "text", color: INK, fontSize: FONT_SIZE, ...labelling(phases, epochs) },
      },
    ],
  };
}

function toMark(phase: Phase, i: number, epochs: number): PhaseMark {
  const end = Math.min(phase.end, epochs - 1);
  return { ...phase, end, middle: (phase.start + end) / 2, shade: SHADES[i % SHADES.length] };
}

/** Phases' names lie flat over the phases if all have room there, and rise steeply otherwise. */
function labelling(phases: readonly Phase[], epochs: number) {
  const flat = phases.every(
    ({ name, start, end }) =>
      name.length * LETTER_WIDTH * FONT_SIZE < ((end - start) / epochs) * WIDTH,
  );
  return flat
    ? { align: "center" as const, baseline: "bottom" as const }
    : { align: "left" as const, baseline: "middle" as const, angle: 320 };
}
