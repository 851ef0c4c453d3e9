import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { describe_schedulers, type SchedulerDescription } from "torch-optim/lr_scheduler";
import { choicesOf, optionsOf } from "./schema.ts";

const KNOWN = describe_schedulers().filter(({ is_spec_type }) => is_spec_type);
/** Those that signs stand for. */
const COMPOSITES = new Set(["SequentialLR", "ChainedScheduler"]);
const SCHEDULERS = KNOWN.filter(({ type }) => !COMPOSITES.has(type)).flatMap(completionsOf);

/** What can stand in the short form at a place: schedulers, their options, and values of these. */
export function completeShortForm(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z_]\w*/);
  if (!word && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  const options = optionsAt(context.state.doc.toString().slice(0, from));
  return options.length > 0 ? { from, options, validFor: /^\w*$/ } : null;
}

function optionsAt(before: string): readonly Completion[] {
  const inside = schedulerAround(before);
  if (inside === undefined) return /(?:^|[>+(=;])\s*$/.test(before) ? SCHEDULERS : [];
  const { type, written } = inside;
  const schemas = optionsOf(type);
  const [, option] = /(\w+)\s*=\s*$/.exec(written) ?? [];
  if (option !== undefined) {
    const schema = Object.hasOwn(schemas, option) ? schemas[option] : undefined;
    return schema ? choicesOf(schema).map((value) => ({ label: String(value) })) : [];
  }
  if (!/(?:^|,)\s*$/.test(written)) return [];
  return Object.entries(schemas)
    .filter(([name]) => name !== "type" && !new RegExp(`\\b${name}\\s*=`).test(written))
    .map(([name, { description }]) => ({ label: name, apply: `${name}=`, info: description }));
}

/** The scheduler in whose options a text ends, and what is written of these. */
function schedulerAround(before: string): { type: string; written: string } | undefined {
  const open: number[] = [];
  for (const { index, 0: sign } of before.matchAll(/"(?:[^"\\]|\\.)*"?|[()]/g)) {
    if (sign === "(") open.push(index);
    else if (sign === ")") open.pop();
  }
  const at = open.at(-1);
  if (at === undefined) return undefined;
  const [, name] = /([A-Za-z_]\w*)(?:\s*[:@]\s*[\w.%]+)*\s*$/.exec(before.slice(0, at)) ?? [];
  const scheduler = KNOWN.find(
    ({ type, short_names }) => name !== undefined && [type, ...short_names].includes(name),
  );
  return scheduler && { type: scheduler.type, written: before.slice(at + 1) };
}

function completionsOf(scheduler: SchedulerDescription): Completion[] {
  const { type, meaning, short_names, length_option } = scheduler;
  const [name = type] = short_names;
  const apply = length_option === undefined ? name : `${name}:`;
  return [{ label: name, detail: name === type ? undefined : type, info: meaning, apply }];
}
