import { existsSync, statSync, writeFileSync } from "node:fs";
import type { PlotArguments } from "../commands/plot.ts";
import { type Curve, optionsOf, toCurves, toSeries } from "../curve.ts";
import { readGroups } from "../groups.ts";
import { readMetrics } from "../metrics.ts";
import { printable } from "../printable.ts";
import { reason } from "../read_text.ts";
import { Refusal, WrongUsage } from "../refusal.ts";
import { type NamedSpec, readSpec } from "../spec_source.ts";
import { drawChart } from "../terminal/chart.ts";
import { terminalColumns, terminalRows } from "../terminal/size.ts";

/** In less than this nothing of a picture could be read. */
const SMALLEST = { width: 240, height: 120 };

export async function runPlot(args: readonly string[], options: PlotArguments): Promise<void> {
  const isPicture = options.svg !== undefined || options.png !== undefined;
  if (isPicture) mustBeLegible(options);
  mustNotOverwrite(args, options);
  const specs = await readSpecs([...new Set(args)], options);
  const metrics = options.metrics === undefined ? undefined : readMetrics(options.metrics);
  const groups = options.groups === undefined ? undefined : readGroups(options.groups);
  const curves = toCurves(specs, { ...options, groups, metrics });
  if (options.log) mustHaveLogarithms(curves);
  if (isPicture) {
    await writePictures(curves, options);
  } else {
    const columns = options.width ?? terminalColumns();
    const rows = options.height ?? terminalRows(columns);
    console.log(drawChart(curves, { ...options, columns, rows }));
  }
}

async function readSpecs(args: readonly string[], options: PlotArguments): Promise<NamedSpec[]> {
  const labels = options.label ?? [];
  if (labels.length > args.length) {
    throw new WrongUsage(
      `--label must be given once for each schedule at most, got ${labels.length} for ${args.length}`,
    );
  }
  const specs = await Promise.all(args.map((arg) => readSpec(arg, options)));
  return specs.map((named, i) =>
    labels[i] === undefined ? named : { ...named, name: printable(labels[i]) },
  );
}

function mustBeLegible(options: PlotArguments): void {
  for (const side of ["width", "height"] as const) {
    const size = options[side];
    if (size !== undefined && size < SMALLEST[side]) {
      throw new WrongUsage(
        `--${side} of a picture must be at least ${SMALLEST[side]}, got ${size}`,
      );
    }
  }
}

/** No picture takes the place of what was read, nor of the other picture. */
function mustNotOverwrite(args: readonly string[], { svg, png, metrics = "-" }: PlotArguments) {
  const inputs = [...args, metrics].filter(existsSync).map(identity);
  for (const [option, file] of Object.entries({ "--svg": svg, "--png": png })) {
    if (file !== undefined && existsSync(file) && inputs.includes(identity(file))) {
      throw new Refusal(`${option} ${printable(file)} would overwrite what is drawn`);
    }
  }
  if (svg !== undefined && svg === png) {
    throw new WrongUsage(`--svg and --png must be two files, got ${printable(svg)} for both`);
  }
}

/** Whatever names and links lead to it, a file is the same. */
function identity(file: string): string {
  const { dev, ino } = statSync(file, { bigint: true });
  return `${dev} ${ino}`;
}

function mustHaveLogarithms(curves: readonly Curve[]): void {
  for (const option of optionsOf(curves)) {
    if (toSeries(curves, option).some(({ values }) => values.some((value) => value > 0))) continue;
    throw new Refusal(
      `--log cannot show ${option === "lr" ? "an lr" : option} that is never above 0`,
    );
  }
}

async function writePictures(curves: readonly Curve[], options: PlotArguments): Promise<void> {
  const { drawPicture } = await import("../picture/draw_picture.ts");
  const { toPicture } = await import("../picture/of_curves.ts");
  const svg = drawPicture(toPicture(curves, options));
  if (options.svg !== undefined) write(options.svg, svg);
  if (options.png !== undefined) {
    const { toPng } = await import("../picture/png.ts");
    write(options.png, toPng(svg));
  }
}

function write(file: string, data: string | Buffer): void {
  try {
    writeFileSync(file, data);
  } catch (error) {
    throw new Refusal(`${printable(file)}: ${reason(error)}`);
  }
}
