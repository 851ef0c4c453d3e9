import { is_object } from "../../../../refusal.ts";
import { visible } from "../visible.ts";

/** How long a line may be, as the Black code style has it. */
const WIDTH = 88;
const INDENT = "    ";

/** The language's own words, which nothing else can be called. */
export const RESERVED: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except " +
    "finally for from global if import in is lambda nonlocal not or pass raise return try while " +
    "with yield"
  ).split(" "),
);

/** A value that JSON can hold. */
export function literal(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return visible(JSON.stringify(value), long_escape);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  return is_object(value) ? dictionary(Object.entries(value)) : JSON.stringify(value);
}

/** To Python, unlike JSON, the two halves of a character are two characters. */
function long_escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

function dictionary(entries: readonly (readonly [key: string, value: unknown])[]): string {
  return `{${entries.map(([key, value]) => `${literal(key)}: ${literal(value)}`).join(", ")}}`;
}

/** Options as the arguments of a call. */
export function keywords(options: object): string[] {
  const entries = Object.entries(options);
  const reserved = entries.filter(([name]) => RESERVED.has(name));
  return [
    ...entries
      .filter(([name]) => !RESERVED.has(name))
      .map(([name, value]) => `${name}=${literal(value)}`),
    ...(reserved.length > 0 ? [`**${dictionary(reserved)}`] : []),
  ];
}

/** A call, in as many lines as it needs; an argument may have several. */
export function call(callee: string, args: readonly string[]): string {
  const line = args.join(", ");
  const whole = `${callee}(${line})`;
  const is_short = !line.includes("\n");
  if (is_short && whole.length <= WIDTH) return whole;
  const fits = is_short && INDENT.length + line.length <= WIDTH;
  const lines = fits ? [line] : args.flatMap((arg) => `${arg},`.split("\n"));
  return [`${callee}(`, ...lines.map((text) => INDENT + text), ")"].join("\n");
}

/** A text as an argument, in as many lines as it needs, each of which ends behind a phase or a member. */
export function text_literal(text: string): string {
  const fits = (part: string) => INDENT.length + quoted(part).length < WIDTH;
  if (fits(text)) return quoted(text);
  const lines: string[] = [];
  for (const piece of text.split(/(?<= [>+] |; )/)) {
    const longer = `${lines.at(-1) ?? ""}${piece}`;
    if (fits(longer)) lines.splice(-1, 1, longer);
    else lines.push(piece);
  }
  return lines.map(quoted).join("\n");
}

/** A text in quotes, those of which it has fewer. */
function quoted(text: string): string {
  if (text.includes("'")) return literal(text);
  const inside = literal(text.replaceAll('"', "'")).slice(1, -1);
  return text.includes('"') ? `'${inside.replaceAll("'", '"')}'` : `"${inside}"`;
}

export function import_from(module: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const line = `from ${module} import ${names.join(", ")}`;
  if (line.length <= WIDTH) return [line];
  return [`from ${module} import (`, ...names.map((name) => `${INDENT}${name},`), ")"];
}
