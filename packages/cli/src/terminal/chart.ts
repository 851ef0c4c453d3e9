import { styleText } from "node:util";
import { type Curve, optionsOf, type Phase, type Series, toSeries } from "../curve.ts";
import { outline } from "../outline.ts";
import { printable } from "../printable.ts";
import { epochScale, epochTicks, type Scale, type Tick, valueScale, valueTicks } from "../ticks.ts";
import { Canvas, type Color, type Place } from "./canvas.ts";
import { inLines, inRows } from "./wrap.ts";

const COLORS: readonly Color[] = ["cyan", "magenta", "yellow", "green", "blue", "red"];
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** How often a line among several bears its letter. */
const LETTERS_A_LINE = 3;
const ROWS_A_TICK = 3;
const ABOVE = 1;
const BELOW = 3;

export interface ChartOptions {
  readonly columns: number;
  /** The rows of the plot, without axis and legend. */
  readonly rows: number;
  /** Whether the lr's axis is logarithmic. */
  readonly log?: boolean;
  /** What stands above. */
  readonly title?: string;
  /** What stands at the epochs' axis. */
  readonly xLabel: string;
  /** The names that were given to schedules; with any, a single one is named below as well. */
  readonly label?: readonly string[];
}

/** Curves over the epochs, as text: a plot for each option that they move. */
export function drawChart(curves: readonly Curve[], options: ChartOptions): string {
  const moved = optionsOf(curves);
  const phases = curves.length === 1 && curves[0].phases.length > 1 ? curves[0].phases : [];
  const series = moved.map((option) => toSeries(curves, option));
  const legend = series.reduce((a, b) => (b.length > a.length ? b : a));
  const isLabelled = legend.length > 1 || options.label !== undefined;
  return [
    ...(options.title ? inLines(printable(options.title), options.columns) : []),
    ...moved.flatMap((option, i) => [
      ...(option === "lr" ? [] : [option]),
      // The phases are named once, above.
      drawPlot(curves, series[i], i === 0 ? phases : [], {
        ...options,
        yLabel: option === "lr" ? "lr" : "",
        isLettered: legend.length > 1,
      }),
    ]),
    ...(isLabelled ? legendOf(legend, options.columns) : []),
    ...phaseKey(phases, options.columns),
  ].join("\n");
}

function drawPlot(
  curves: readonly Curve[],
  series: readonly Series[],
  phases: readonly Phase[],
  options: PlotOptions,
): string {
  const plot = new Plot(series, options);
  plot.drawAxes();
  for (const [i, curve] of curves.entries()) {
    plot.drawMilestones(curve.phases, phases.length > 0 ? "gray" : colorOf(i));
  }
  plot.drawPhases(phases);
  for (const { values, index } of series) plot.drawLine(values, colorOf(index));
  if (options.isLettered) plot.drawLetters();
  return String(plot.canvas);
}

interface PlotOptions extends ChartOptions {
  readonly yLabel: string;
  /** Whether lines are told apart by letters. */
  readonly isLettered: boolean;
}

class Plot {
  readonly canvas: Canvas;
  readonly #series: readonly Series[];
  readonly #epochs: number;
  readonly #x: Scale;
  readonly #y: Scale;
  readonly #yTicks: readonly Tick[];
  readonly #xLabel: string;
  readonly #yLabel: string;
  readonly #rows: number;
  readonly #left: number;
  readonly #width: number;

  constructor(series: readonly Series[], { columns, rows, log, xLabel, yLabel }: PlotOptions) {
    this.#series = series;
    this.#epochs = Math.max(...series.map(({ values }) => values.length));
    this.#x = epochScale(this.#epochs);
    this.#y = valueScale(
      series.flatMap(({ values }) => values),
      { log },
    );
    this.#yTicks = valueTicks(this.#y, Math.max(1, Math.floor(rows / ROWS_A_TICK)), rows);
    this.#xLabel = printable(xLabel);
    this.#yLabel = yLabel;
    this.#rows = evenRows(rows, this.#yTicks.length - 1);
    this.canvas = new Canvas(columns, ABOVE + this.#rows + BELOW);
    this.#left = Math.max("lr".length, ...this.#yTicks.map(({ label }) => label.length)) + 2;
    this.#width = columns - this.#left;
  }

  // Half a dot from the edges, so that both ends of the axes have their dots.

  #column(epoch: number): number {
    return this.#left + 1 / 4 + this.#x(epoch) * (this.#width - 1 / 2);
  }

  #row(lr: number): number {
    return ABOVE + 1 / 8 + (1 - this.#y(lr)) * (this.#rows - 1 / 4);
  }

  drawAxes(): void {
    const { canvas } = this;
    const left = this.#left;
    const bottom = ABOVE + this.#rows;
    canvas.write(left - this.#yLabel.length - 2, 0, this.#yLabel, "gray");
    for (let row = ABOVE; row < bottom; row++) canvas.write(left - 1, row, "│", "gray");
    for (const { value, label } of this.#yTicks) {
      const row = Math.floor(this.#row(value));
      canvas.write(left - 2 - label.length, row, label);
      canvas.write(left - 1, row, "┤", "gray");
    }
    canvas.write(left - 1, bottom, `└${"─".repeat(this.#width)}`, "gray");
    for (const { value, label } of epochTicks(this.#epochs, this.#width, (text) => text.length)) {
      const column = Math.floor(this.#column(value));
      const centred = column - Math.floor((label.length - 1) / 2);
      canvas.write(column, bottom, "┬", "gray");
      canvas.write(Math.min(centred, canvas.columns - label.length), bottom + 1, label);
    }
    const middle = left + Math.floor((this.#width - this.#xLabel.length) / 2);
    canvas.write(Math.max(0, middle), bottom + 2, this.#xLabel, "gray");
  }

  drawMilestones(phases: readonly Phase[], color: Color): void {
    for (const { start } of phases.slice(1)) {
      for (let row = 0; row < this.#rows; row++) {
        this.canvas.write(Math.floor(this.#column(start)), ABOVE + row, "┊", color);
      }
    }
  }

  /** The phases' numbers over the plot, with their names where there is room. */
  drawPhases(phases: readonly Phase[]): void {
    for (const { index, name, start, end } of phases) {
      const column = Math.floor(this.#column(start));
      const room = Math.floor(this.#column(end)) - column;
      const label = [`${index} ${name}`, `${index}`].find((text) => text.length < room) ?? "";
      this.canvas.write(column, 0, label, "gray");
    }
  }

  drawLine(lrs: readonly number[], color: Color): void {
    const rows = lrs.map((lr) => this.#row(lr));
    const places = outline(rows, 2 * this.#width).map(
      ([epoch, row]): Place => [this.#column(epoch), row],
    );
    for (const [i, place] of places.entries()) {
      this.canvas.line(places[Math.max(0, i - 1)], place, color);
    }
  }

  /** Letters along a line, so that lines can be told apart without colours. */
  drawLetters(): void {
    for (const [i, { values, index }] of this.#series.entries()) {
      for (let k = 0; k < LETTERS_A_LINE; k++) {
        const share = (k + (i + 1 / 2) / this.#series.length) / LETTERS_A_LINE;
        const epoch = Math.floor(share * values.length);
        const place = [this.#column(epoch), this.#row(values[epoch])].map(Math.floor);
        this.canvas.write(place[0], place[1], letterOf(index), colorOf(index));
      }
    }
  }
}

/** About as many rows, such that the ticks that part them stand evenly. */
function evenRows(rows: number, parts: number): number {
  return parts > 0 ? Math.max(1, Math.floor((rows - 1) / parts)) * parts + 1 : rows;
}

function legendOf(series: readonly Series[], columns: number): string[] {
  return series.flatMap(({ name, index }) => {
    const [first, ...rest] = inLines(name, columns - 2);
    return [
      `${styleText(colorOf(index), letterOf(index))} ${first}`,
      ...rest.map((line) => `  ${line}`),
    ];
  });
}

function phaseKey(phases: readonly Phase[], columns: number): string[] {
  return inRows(
    phases.map(({ index, name, start, end }) => `${index} ${name} ${start}–${end - 1}`),
    columns,
  );
}

function colorOf(i: number): Color {
  return COLORS[i % COLORS.length];
}

function letterOf(i: number): string {
  return LETTERS[i % LETTERS.length];
}
