import { styleText } from "node:util";
import { Help } from "commander";
import {
  describe_schedulers,
  type OptionDescription,
  PRESETS,
  type SchedulerDescription,
} from "torch-optim/lr_scheduler";
import { mustBeKnown } from "../nearest.ts";
import { shortNumber } from "../ticks.ts";

const SCHEDULERS = describe_schedulers();
const NAMES = SCHEDULERS.flatMap(({ type, short_names }) => [type, ...short_names]);
const FUNCTION_NOTE = "takes a function, so no spec can hold it";

export function runList(names: readonly string[]): void {
  for (const name of names) mustBeKnown("scheduler", name, NAMES, "torch-optim list");
  const wanted = SCHEDULERS.filter(
    ({ type, short_names }) =>
      names.length === 0 || [type, ...short_names].some((name) => names.includes(name)),
  );
  console.log(wanted.map(describe).join("\n\n"));
}

/** The schedules of known systems, with what they do and where they are from. */
export function runListPresets(): void {
  const entries = Object.entries(PRESETS).map(([name, { about, source }]) =>
    [styleText("bold", name), `  ${about}`, `  ${styleText("gray", source)}`].join("\n"),
  );
  console.log(entries.join("\n\n"));
}

function describe(scheduler: SchedulerDescription): string {
  const { type, meaning, short_names, is_spec_type, options } = scheduler;
  const note = is_spec_type ? short_names.join(", ") : FUNCTION_NOTE;
  // Wrapped where a terminal would break lines; in a pipe every option keeps its line.
  const help = Object.assign(new Help(), { helpWidth: process.stdout.columns ?? Infinity });
  const width = Math.max(...options.map(({ name }) => name.length));
  return [
    `${styleText("bold", type)}  ${styleText("gray", note)}`.trimEnd(),
    `  ${meaning}`,
    ...options.map((option) =>
      help.formatItem(styleText("cyan", option.name), width, explain(option), help),
    ),
  ].join("\n");
}

function explain({ expected, default: fallback }: OptionDescription): string {
  return `${expected}; ${fallback === undefined ? "required" : `default ${show(fallback)}`}`;
}

function show(value: unknown): string {
  return typeof value === "number" ? shortNumber(value) : JSON.stringify(value);
}
