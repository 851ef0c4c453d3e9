import { Command, Option } from "commander";
import { shortLr } from "../axes.ts";
import { type Curve, type Phase, toCurve } from "../curve.ts";
import { type CurveOptions, epochsOption, lrOption, metricsOption, SPEC_HELP } from "../options.ts";
import { readSpec } from "../spec_source.ts";
import { alignColumns } from "../terminal/columns.ts";

const FORMATS = { text: toText, csv: toCsv, json: toJson };

interface TableOptions extends CurveOptions {
  readonly all?: boolean;
  readonly format: keyof typeof FORMATS;
}

interface Row {
  readonly epoch: number;
  /** Which phase, from 0 on. */
  readonly phase: number;
  /** The lr of each parameter group. */
  readonly lr: readonly number[];
}

export const table = new Command("table")
  .description("print the learning rate epoch by epoch")
  .argument("<spec>", SPEC_HELP)
  .addOption(epochsOption())
  .addOption(lrOption())
  .addOption(metricsOption())
  .option("-a, --all", "all epochs")
  .addOption(
    new Option("-f, --format <name>", "what to print")
      .choices(Object.keys(FORMATS))
      .default("text"),
  )
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim table "linear:10 > cosine:90"
  $ torch-optim table schedule.json --all --format csv > schedule.csv
  $ torch-optim table schedule.json --lr 0.1,0.01 --format json`,
  )
  .action(run);

function run(spec: string, options: TableOptions): void {
  const curve = toCurve(readSpec(spec), options);
  const notes = notesOf(curve);
  const epochs = options.all
    ? [...Array(curve.epochs).keys()]
    : [...notes.keys()].sort((a, b) => a - b);
  console.log(
    FORMATS[options.format](
      epochs.map((epoch) => rowAt(curve, epoch)),
      curve,
      notes,
    ),
  );
}

function rowAt({ lrs, phases }: Curve, epoch: number): Row {
  return {
    epoch,
    phase: phaseAt(phases, epoch).index,
    lr: lrs.map((group) => group[epoch]),
  };
}

function phaseAt(phases: readonly Phase[], epoch: number): Phase {
  return phases.findLast(({ start }) => start <= epoch) ?? phases[0];
}

/** The epochs that matter, and why. */
function notesOf({ epochs, lrs, phases }: Curve): Map<number, string[]> {
  const notes = new Map<number, string[]>();
  const note = (epoch: number, why: string) => {
    const known = notes.get(epoch) ?? [];
    if (!known.includes(why)) notes.set(epoch, [...known, why]);
  };
  note(0, "start");
  for (const { start } of phases.slice(1)) {
    note(start - 1, "before milestone");
    note(start, "milestone");
  }
  for (const group of lrs) {
    note(epochOf(group, Math.max), "maximum");
    note(epochOf(group, Math.min), "minimum");
  }
  note(epochs - 1, "end");
  return notes;
}

/** The first epoch with the extreme, also where rounding makes a later one more extreme by a hair. */
function epochOf(lrs: readonly number[], extreme: (a: number, b: number) => number): number {
  const reached = lrs.reduce((a, b) => extreme(a, b));
  const hair = 1e-9 * lrs.reduce((a, b) => Math.max(a, b));
  return lrs.findIndex((lr) => Math.abs(lr - reached) <= hair);
}

function toText(rows: readonly Row[], { phases }: Curve, notes: Map<number, string[]>): string {
  const groups = groupNames(rows, "lr of group ");
  return alignColumns(
    ["epoch", "phase", ...groups, ""],
    rows.map(({ epoch, phase, lr }) => [
      String(epoch),
      `${phase} ${phaseAt(phases, epoch).name}`,
      ...lr.map(shortLr),
      (notes.get(epoch) ?? []).join(", "),
    ]),
  );
}

function toCsv(rows: readonly Row[]): string {
  const lines = rows.map(({ epoch, phase, lr }) => [epoch, phase, ...lr].join(","));
  return [["epoch", "phase", ...groupNames(rows, "lr_")].join(","), ...lines].join("\n");
}

function toJson(rows: readonly Row[]): string {
  return `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]`;
}

function groupNames([{ lr }]: readonly Row[], prefix: string): string[] {
  return lr.length === 1 ? ["lr"] : lr.map((_, group) => `${prefix}${group}`);
}
