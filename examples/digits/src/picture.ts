import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Epoch } from "./history.ts";
import type { Phase } from "./schedule.ts";

type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];

interface Panel {
  readonly field: keyof Epoch;
  readonly title: string;
  readonly color: string;
  readonly scale: { zero: boolean } | { type: "log" };
  readonly format: string;
}

const PANELS: readonly Panel[] = [
  {
    field: "lr",
    title: "learning rate",
    color: "#b3541e",
    scale: { zero: true },
    format: "~g",
  },
  {
    field: "loss",
    title: "training loss",
    color: "#2f6f8f",
    scale: { type: "log" },
    format: "~g",
  },
  {
    field: "accuracy",
    title: "held-out accuracy",
    color: "#3f7d3a",
    scale: { zero: false },
    format: "~p",
  },
];

/** The tints of the phases; with more phases than tints they come round again. */
const TINTS = ["#f2cfae", "#c4dbe8", "#cbe3c0", "#dfcdea", "#f1e4a8", "#bfe3de"];

/** Up to how many epochs each one is marked with a point. */
const FEW_EPOCHS = 20;

const STYLE: TopLevelSpec["config"] = {
  font: "Helvetica, Arial, sans-serif",
  axis: {
    domainColor: "#888888",
    // On a log scale, only the labelled values get a line.
    gridColor: { condition: { test: "datum.label", value: "#dddddd" }, value: "transparent" },
    labelFontSize: 11,
    tickColor: "#888888",
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 10,
  },
  axisY: { minExtent: 46, tickCount: 5 },
  legend: {
    columns: 3,
    labelFontSize: 12,
    labelLimit: 180,
    symbolSize: 160,
    symbolType: "square",
    titleFontSize: 12,
    titleFontWeight: "normal",
    titleOrient: "left",
  },
  rect: { opacity: 0.55 },
  rule: { strokeDash: [4, 4], color: "#777777" },
  view: { continuousWidth: 640, continuousHeight: 150, stroke: null },
};

/** Learning rate, loss and accuracy over the epochs, with the phases shaded, as SVG. */
export async function drawHistory(
  history: readonly Epoch[],
  phases: readonly Phase[],
): Promise<string> {
  const epochs = history.length;
  const begun = phases.filter(({ start }) => start < epochs);
  const spec: TopLevelSpec = {
    background: "#ffffff",
    padding: 20,
    spacing: 16,
    config: STYLE,
    // A log scale has no 0.
    data: { values: history.map((epoch) => ({ ...epoch, loss: epoch.loss || null })) },
    vconcat: PANELS.map((panel, row) => ({
      layer: [
        bands(begun, epochs, row === 0),
        milestones(begun, epochs),
        curve(panel, epochs, row === PANELS.length - 1),
      ],
      resolve: { axis: { x: "independent" } },
    })),
    resolve: { scale: { color: "shared" } },
  };
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  return view.toSVG();
}

/** The phases as tinted bands; above the first panel, their milestones. */
function bands(phases: readonly Phase[], epochs: number, isFirst: boolean): Layer {
  const starts = phases.map(({ start }) => start);
  const names = phases.map(({ name }) => name);
  return {
    data: {
      values: starts.map((start, phase) => ({ phase, start, end: starts[phase + 1] ?? epochs })),
    },
    mark: "rect",
    encoding: {
      x: {
        field: "start",
        ...along(epochs),
        axis: isFirst
          ? {
              orient: "top",
              title: null,
              grid: false,
              values: starts.slice(1),
              labelExpr: "'milestone ' + datum.value",
              labelOverlap: "greedy",
            }
          : null,
      },
      x2: { field: "end" },
      color: {
        field: "phase",
        type: "nominal",
        scale: {
          domain: names.map((_, phase) => phase),
          range: names.map((_, phase) => TINTS[phase % TINTS.length]),
        },
        legend: {
          title: "phases",
          orient: "top",
          labelExpr: `${JSON.stringify(names)}[datum.value]`,
        },
      },
    },
  };
}

function milestones(phases: readonly Phase[], epochs: number): Layer {
  return {
    data: { values: phases.slice(1).map(({ start }) => ({ start })) },
    mark: "rule",
    encoding: { x: { field: "start", ...along(epochs), axis: null } },
  };
}

/** One figure of the history; below the last panel, the epochs. */
function curve(
  { field, title, color, scale, format }: Panel,
  epochs: number,
  isLast: boolean,
): Layer {
  return {
    mark: { type: "line", color, point: epochs <= FEW_EPOCHS && { color } },
    encoding: {
      x: {
        field: "epoch",
        ...along(epochs),
        axis: {
          title: isLast ? "epoch" : null,
          labels: isLast,
          ticks: isLast,
          tickCount: 10,
          tickMinStep: 1,
        },
      },
      y: { field, type: "quantitative", title, scale, axis: { format } },
    },
  };
}

/** The epochs along the x-axis. */
function along(epochs: number) {
  return { type: "quantitative" as const, scale: { domain: [0, epochs], nice: false } };
}
