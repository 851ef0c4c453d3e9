import { format_spec, parse_spec, type Spec } from "torch-optim/lr_scheduler";
import { lengthsOf, type Plan, resolvedSpec } from "../studio/plan.ts";
import { JSON_TEXT } from "./json_text.ts";
import { stepsOf } from "./path.ts";
import { mistakenIn, type PlanText } from "./plan_text.ts";
import { inLengths } from "./shares.ts";

/** A plan's spec in the short form, with shares and epochs wherever they can be told. */
export const SHORT_FORM: PlanText = {
  write: writeShortForm,
  read(text, plan) {
    // What has no short form is written as JSON.
    if (/^\s*\{/.test(text)) return JSON_TEXT.read(text, plan);
    try {
      return { ...plan, spec: readShortForm(text, plan) };
    } catch (error) {
      throw mistakenIn(error, text, (path) => placeInShortForm(text, path));
    }
  },
};

function writeShortForm(plan: Plan): string {
  const plain = format_spec(resolvedSpec(plan));
  if (!/"[\d.]+(?:%|ep)"/.test(JSON.stringify(plan.spec))) return plain;
  const written = inLengths((lengths) => format_spec(resolvedSpec({ ...plan, ...lengths })));
  return written !== undefined && meansTheSame(written, plain, plan) ? written : plain;
}

/** Whether a text with lengths is read as the one without. */
function meansTheSame(written: string, plain: string, plan: Plan): boolean {
  try {
    return format_spec(parse_spec(written, lengthsOf(plan))) === plain;
  } catch {
    return false;
  }
}

function readShortForm(text: string, plan: Plan): Spec {
  const resolved = parse_spec(text, lengthsOf(plan));
  if (!/[\d.](?:%|ep\b)/.test(text)) return resolved;
  const written = inLengths(
    ({ total, stepsPerEpoch }) =>
      JSON.stringify(parse_spec(text, { total, steps_per_epoch: stepsPerEpoch })),
    JSON.stringify,
  );
  if (written === undefined) return resolved;
  const spec = JSON.parse(written) as Spec;
  return meansTheSame(written, format_spec(resolved), plan) ? spec : resolved;
}

/** Where in a short form stands the scheduler that a path leads to, or into. */
export function placeInShortForm(text: string, path: string): { from: number; to: number } {
  let part: Part = { from: 0, to: text.length };
  for (const [i, step] of stepsOf(path).entries()) {
    if (typeof step !== "number") continue;
    const parts = partsOf(text, part, stepsOf(path)[i - 1] === "schedules");
    if (!parts[step]) break;
    part = parts[step];
  }
  return trimmed(text, part);
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** The entries of a recipe, the phases of a sequence, or the members of a chain. */
function partsOf(text: string, whole: Part, isRecipe: boolean): Part[] {
  if (isRecipe) return separated(text, whole, ";").map((entry) => behindEquals(text, entry));
  const inside = withoutParentheses(text, whole);
  const phases = separated(text, inside, ">");
  return phases.length > 1 ? phases : separated(text, inside, "+");
}

/** Splits at a sign that stands in no brackets and no string. */
function separated(text: string, { from, to }: Part, sign: string): Part[] {
  const parts: Part[] = [];
  let begin = from;
  for (const at of signsIn(text, from, to)) {
    if (text[at] !== sign) continue;
    parts.push({ from: begin, to: at });
    begin = at + 1;
  }
  return [...parts, { from: begin, to }];
}

function* signsIn(text: string, from: number, to: number): Generator<number> {
  const token = /"(?:[^"\\]|\\.)*"|[-+]?\d[\d.]*(?:[eE][-+]?\d+)?|[\s\S]/g;
  token.lastIndex = from;
  let depth = 0;
  for (let found = token.exec(text); found && found.index < to; found = token.exec(text)) {
    if (/[([{]/.test(found[0])) depth += 1;
    if (/[)\]}]/.test(found[0])) depth -= 1;
    if (depth === 0 && found[0].length === 1) yield found.index;
  }
}

/** What stands in the parentheses of a group; of what is no group, all. */
function withoutParentheses(text: string, part: Part): Part {
  const { from, to } = trimmed(text, part);
  if (text[from] !== "(") return part;
  const [end] = [...signsIn(text, from, to)].filter((at) => text[at] === ")");
  const isWhole = /^(?:[:@][\w.%]+)*$/.test(text.slice(end + 1, to).replace(/\s/g, ""));
  return end !== undefined && isWhole ? { from: from + 1, to: end } : part;
}

function behindEquals(text: string, { from, to }: Part): Part {
  const equals = [...signsIn(text, from, to)].find((at) => text[at] === "=");
  return { from: equals === undefined ? from : equals + 1, to };
}

function trimmed(text: string, { from, to }: Part): Part {
  const own = text.slice(from, to);
  const start = from + own.length - own.trimStart().length;
  return { from: start, to: Math.max(start + 1, start + own.trim().length) };
}
