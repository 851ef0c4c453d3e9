import { is_object } from "../../../refusal.ts";
import { type SoundSpec, type Statement, statements_of, types_at, words_of } from "./program.ts";
import { home_of } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";

const WIDTH = 88;

/**
 * The Python code that builds a spec's scheduler with PyTorch (and Hugging Face's `transformers`,
 * where a schedule is at home there), for an `optimizer`. A comment stands where PyTorch's own
 * scheduler goes another way than the spec says.
 *
 * @throws SpecError with everything that is wrong.
 * @example
 * ```ts
 * to_python({ type: "StepLR", step_size: 30 });
 * // from torch.optim.lr_scheduler import StepLR
 * //
 * // scheduler = StepLR(optimizer, step_size=30)
 * ```
 */
export function to_python(spec: SchedulerSpec): string {
  const statements = statements_of(spec, (words) => words.join("_"));
  const lines = [
    ...imports("torch.optim.lr_scheduler", types_at("torch.optim.lr_scheduler", statements)),
    ...imports("transformers", types_at("transformers", statements).map(function_of)),
  ];
  if (lines.length > 0) lines.push("");
  for (const type of types_at(undefined, statements))
    lines.push(`# ${type} is a class of your own.`);
  for (const statement of statements) {
    lines.push(...notes_on(statement.spec).map((note) => `# PyTorch differs: ${note}`));
    lines.push(write(statement));
  }
  return `${lines.join("\n")}\n`;
}

function imports(module: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const line = `from ${module} import ${names.join(", ")}`;
  if (line.length <= WIDTH) return [line];
  return [`from ${module} import (`, ...names.map((name) => `    ${name},`), ")"];
}

function write({ variable, spec, options, children }: Statement): string {
  const { type } = spec;
  const keywords = options.map(([name, value]) => `${name}=${write_value(value)}`);
  const schedulers = `[${children?.join(", ")}]`;
  const is_chain = type === "ChainedScheduler";
  const args = is_chain ? [schedulers, "optimizer=optimizer"] : ["optimizer"];
  if (children && !is_chain) args.push(`schedulers=${schedulers}`);
  args.push(...keywords);
  const call = `${variable} = ${home_of(type) === "transformers" ? function_of(type) : type}(`;
  const line = args.join(", ");
  if (call.length + line.length < WIDTH) return `${call}${line})`;
  if (line.length + 4 <= WIDTH) return `${call}\n    ${line}\n)`;
  return `${call}\n${args.map((arg) => `    ${arg},\n`).join("")})`;
}

/** What `transformers` calls the function that builds a schedule. */
function function_of(type: string): string {
  return `get_${words_of(type).join("_")}`;
}

function write_value(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(write_value).join(", ")}]`;
  if (!is_object(value)) return JSON.stringify(value);
  const entries = Object.entries(value);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}: ${write_value(item)}`).join(", ")}}`;
}

/** Where PyTorch 2.14 leaves what the spec says. */
function notes_on({ type, schedulers = [], total_iters, factor }: SoundSpec): string[] {
  const notes: string[] = [];
  const has = (...types: string[]) => schedulers.some((child) => types.includes(child.type));
  const has_neighbours = schedulers.length > 1;
  if (has("ReduceLROnPlateau")) {
    notes.push("it passes no metric on to a ReduceLROnPlateau inside another scheduler.");
  }
  if (has_neighbours && has("CyclicLR", "OneCycleLR")) {
    notes.push("CyclicLR and OneCycleLR change the base lr and momentum of their neighbours.");
  }
  if (type === "SequentialLR" && has("SequentialLR", "ChainedScheduler")) {
    notes.push("a composite as the first phase ends a step early, as a later one it fails.");
  }
  if (type === "ChainedScheduler" && has_neighbours && has("SequentialLR")) {
    notes.push("at a milestone the factors of the sequence's neighbours are lost.");
  }
  if ((type === "LinearLR" || type === "ConstantLR") && total_iters === 0) {
    notes.push("with total_iters=0 the first factor stays in force.");
  }
  if (type === "ConstantLR" && factor === 0) {
    notes.push("with factor=0 it divides by zero where the factor ends.");
  }
  return notes;
}
