import { Command } from "commander";
import {
  type CurveArguments,
  epochsOption,
  groupsOption,
  lrOption,
  metricsOption,
  parseWhole,
  SPEC_HELP,
  stepsPerEpochOption,
  totalOption,
} from "../options.ts";

export interface PlotArguments extends CurveArguments {
  readonly log?: boolean;
  readonly svg?: string;
  readonly png?: string;
  readonly label?: readonly string[];
  readonly title?: string;
  readonly xLabel: string;
  readonly width?: number;
  readonly height?: number;
}

/** The smallest terminal there is, and more than any page; a PNG has nine times as many pixels. */
const WIDTHS = [30, 2000] as const;
const HEIGHTS = [5, 2000] as const;

export const plot = new Command("plot")
  .description("draw schedules, in the terminal or as pictures")
  .argument("<spec...>", SPEC_HELP)
  .addOption(epochsOption())
  .addOption(lrOption())
  .addOption(groupsOption())
  .addOption(metricsOption())
  .addOption(totalOption())
  .addOption(stepsPerEpochOption())
  .option("--log", "logarithmic learning rates")
  .option("--svg <file>", "draw into this SVG file instead")
  .option("--png <file>", "draw into this PNG file instead")
  .option("--label <name>", "what to call a schedule; once for each, in order", collect)
  .option("--title <text>", "what to write above")
  .option("--x-label <text>", "what to write at the epochs' axis", "epoch")
  .option("--width <n>", "pixels of a picture, columns in the terminal", (text) =>
    parseWhole(text, ...WIDTHS),
  )
  .option("--height <n>", "pixels of a picture, lines of the plot in the terminal", (text) =>
    parseWhole(text, ...HEIGHTS),
  )
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim plot "linear:10 > cosine:90"
  $ torch-optim plot schedule.json other.yaml --epochs 300 --lr 1e-3 --log
  $ torch-optim plot schedule.json --svg schedule.svg --png schedule.png
  $ torch-optim plot a.json b.json --label ours --label theirs --png both.png
  $ torch-optim plot "linear:1000 > cosine:9000" --x-label step --title "Run 7"
  $ torch-optim plot "linear:5 > plateau" --metrics losses.txt`,
  )
  .action(async (specs: string[], options: PlotArguments) => {
    const { runPlot } = await import("../actions/plot.ts");
    await runPlot(specs, options);
  });

function collect(name: string, names: readonly string[] = []): string[] {
  return [...names, name];
}
