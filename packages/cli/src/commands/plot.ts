import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { type Curve, toCurve } from "../curve.ts";
import { type CurveOptions, epochsOption, lrOption, metricsOption, SPEC_HELP } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { readSpec, reason } from "../spec_source.ts";
import { drawChart } from "../terminal/chart.ts";
import { terminalColumns, terminalRows } from "../terminal/size.ts";

interface PlotOptions extends CurveOptions {
  readonly log?: boolean;
  readonly svg?: string;
  readonly png?: string;
}

export const plot = new Command("plot")
  .description("draw schedules, in the terminal or as pictures")
  .argument("<spec...>", SPEC_HELP)
  .addOption(epochsOption())
  .addOption(lrOption())
  .addOption(metricsOption())
  .option("--log", "logarithmic learning rates")
  .option("--svg <file>", "draw into this SVG file instead")
  .option("--png <file>", "draw into this PNG file instead")
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim plot "linear:10 > cosine:90"
  $ torch-optim plot schedule.json other.json --epochs 300 --lr 1e-3 --log
  $ torch-optim plot schedule.json --svg schedule.svg --png schedule.png
  $ torch-optim plot "linear:5 > plateau" --metrics losses.txt`,
  )
  .action(run);

async function run(specs: readonly string[], options: PlotOptions): Promise<void> {
  const curves = [...new Set(specs)].map((spec) => toCurve(readSpec(spec), options));
  if (options.svg === undefined && options.png === undefined) {
    const columns = terminalColumns();
    console.log(
      drawChart(curves, { columns, rows: terminalRows(columns), log: options.log ?? false }),
    );
  } else {
    await writePictures(curves, options);
  }
}

async function writePictures(curves: readonly Curve[], { svg, png, log = false }: PlotOptions) {
  // What draws pictures takes a second to load.
  const { drawSvg, toPng } = await import("../picture.ts");
  const picture = await drawSvg(curves, log);
  if (svg !== undefined) write(svg, picture);
  if (png !== undefined) write(png, toPng(picture));
}

function write(file: string, data: string | Buffer): void {
  try {
    writeFileSync(file, data);
  } catch (error) {
    throw new Refusal(`${file}: ${reason(error)}`);
  }
}
