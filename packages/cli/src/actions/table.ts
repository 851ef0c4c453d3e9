import type { TableArguments } from "../commands/table.ts";
import { type Curve, optionsOf, toCurves } from "../curve.ts";
import { readGroups } from "../groups.ts";
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
  /** Every option that is moved, by parameter group. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

export async function runTable(spec: string, options: TableArguments): Promise<void> {
  const metrics = options.metrics === undefined ? undefined : readMetrics(options.metrics);
  const groups = options.groups === undefined ? undefined : readGroups(options.groups);
  const [curve] = toCurves([await readSpec(spec, options)], { ...options, groups, metrics });
  const notes = notesOf(curve);
  const epochs = options.all ? [...Array(curve.epochs).keys()] : [...notes.keys()];
  const rows = epochs.map((epoch) => rowAt(curve, epoch));
  console.log(WRITERS[options.format](rows, curve, notes));
}

function rowAt(curve: Curve, epoch: number): Row {
  const values = optionsOf([curve]).map((option) => [
    option,
    curve.values[option].map((group) => group[epoch]),
  ]);
  return { epoch, phase: curve.phaseAt[epoch], values: Object.fromEntries(values) };
}

function toText(rows: readonly Row[], curve: Curve, notes: Map<number, string[]>): string {
  const { phases, groupName } = curve;
  const groups = columnsOf(rows, (option, group) => `${option} of ${groupName(group)}`);
  const names = new Map(phases.map(({ index, name }) => [index, name]));
  return alignColumns(
    ["epoch", "phase", ...groups, ""],
    rows.map(({ epoch, phase, values }) => [
      String(epoch),
      `${phase} ${names.get(phase)}`,
      ...Object.values(values).flat().map(shortNumber),
      (notes.get(epoch) ?? []).join(", "),
    ]),
  );
}

function toCsv(rows: readonly Row[]): string {
  const lines = rows.map(({ epoch, phase, values }) =>
    [epoch, phase, ...Object.values(values).flat()].join(","),
  );
  const columns = columnsOf(rows, (option, group) => `${option}_${group}`);
  return [["epoch", "phase", ...columns].join(","), ...lines].join("\n");
}

function toJson(rows: readonly Row[]): string {
  const lines = rows.map(({ values, ...row }) => `  ${JSON.stringify({ ...row, ...values })}`);
  return `[\n${lines.join(",\n")}\n]`;
}

/** The heads of the columns: options, and their groups where there are several. */
function columnsOf(
  [{ values }]: readonly Row[],
  inGroup: (option: string, group: number) => string,
): string[] {
  return Object.entries(values).flatMap(([option, groups]) =>
    groups.length === 1 ? [option] : groups.map((_, group) => inGroup(option, group)),
  );
}
