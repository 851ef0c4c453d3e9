import type { TableArguments } from "../commands/table.ts";
import { type Curve, toCurves } from "../curve.ts";
import { readMetrics } from "../metrics.ts";
import { notesOf } from "../notes.ts";
import { readSpec } from "../spec_source.ts";
import { alignColumns } from "../terminal/columns.ts";
import { shortNumber } from "../ticks.ts";

const WRITERS = { text: toText, csv: toCsv, json: toJson };

interface Row {
  readonly epoch: number;
  /** Which phase, from 0 on. */
  readonly phase: number;
  /** The lr of each parameter group. */
  readonly lr: readonly number[];
}

export async function runTable(spec: string, options: TableArguments): Promise<void> {
  const metrics = options.metrics === undefined ? undefined : readMetrics(options.metrics);
  const [curve] = toCurves([await readSpec(spec)], { ...options, metrics });
  const notes = notesOf(curve);
  const epochs = options.all ? [...Array(curve.epochs).keys()] : [...notes.keys()];
  const rows = epochs.map((epoch) => rowAt(curve, epoch));
  console.log(WRITERS[options.format](rows, curve, notes));
}

function rowAt({ lrs, phaseAt }: Curve, epoch: number): Row {
  return { epoch, phase: phaseAt[epoch], lr: lrs.map((group) => group[epoch]) };
}

function toText(rows: readonly Row[], { phases }: Curve, notes: Map<number, string[]>): string {
  const groups = groupNames(rows, "lr of group ");
  const names = new Map(phases.map(({ index, name }) => [index, name]));
  return alignColumns(
    ["epoch", "phase", ...groups, ""],
    rows.map(({ epoch, phase, lr }) => [
      String(epoch),
      `${phase} ${names.get(phase)}`,
      ...lr.map(shortNumber),
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
