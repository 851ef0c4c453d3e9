import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Epoch } from "./history.ts";

const PHASES = ["warm-up", "cosine"];
const PANELS = [
  { field: "lr", title: "learning rate", color: "#b3541e", format: "~g" },
  { field: "loss", title: "training loss", color: "#2f6f8f", format: "~g" },
  { field: "accuracy", title: "held-out accuracy", color: "#3f7d3a", format: ".0%" },
];

/** Learning rate, loss and accuracy over the epochs, with the phases shaded, as SVG. */
export async function drawHistory(
  history: readonly Epoch[],
  milestones: readonly number[],
): Promise<string> {
  const last = history.length;
  const starts = [0, ...milestones.filter((milestone) => milestone < last)];
  const phases = starts.map((start, i) => ({
    start,
    end: starts[i + 1] ?? last,
    phase: PHASES[i],
  }));
  const x: { type: "quantitative"; scale: { domain: [number, number]; nice: boolean } } = {
    type: "quantitative",
    scale: { domain: [0, last], nice: false },
  };
  const spec: TopLevelSpec = {
    background: "#ffffff",
    padding: 16,
    config: { font: "sans-serif", axis: { gridColor: "#e4e4e4", titlePadding: 10 } },
    vconcat: PANELS.map(({ field, title, color, format }, row) => ({
      width: 620,
      height: 150,
      layer: [
        {
          data: { values: phases },
          mark: { type: "rect", opacity: 0.5 },
          encoding: {
            x: { field: "start", ...x, title: row === PANELS.length - 1 ? "epoch" : null },
            x2: { field: "end" },
            color: {
              field: "phase",
              type: "nominal",
              sort: PHASES,
              scale: { domain: PHASES, range: ["#f4dcc6", "#dce8ee"] },
              legend: { title: "phase" },
            },
          },
        },
        {
          data: { values: starts.slice(1).map((milestone) => ({ milestone })) },
          mark: { type: "rule", strokeDash: [4, 4], color: "#777777" },
          encoding: { x: { field: "milestone", ...x } },
        },
        {
          data: { values: history.map((epoch) => ({ ...epoch })) },
          mark: { type: "line", color, strokeWidth: 2, interpolate: "linear" },
          encoding: {
            x: { field: "epoch", ...x },
            y: {
              field,
              type: "quantitative",
              title,
              axis: { format, tickCount: 5 },
              scale: { zero: field !== "accuracy" },
            },
          },
        },
      ],
    })),
    resolve: { scale: { color: "shared" } },
  };
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  return view.toSVG();
}
