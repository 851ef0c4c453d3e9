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

/** A call, and what stands behind it, in as many lines as it needs. */
export function call(callee: string, args: readonly string[], behind = ""): string {
  const line = args.join(", ");
  const whole = `${callee}(${line})${behind}`;
  if (whole.length <= WIDTH) return whole;
  const lines = INDENT.length + line.length <= WIDTH ? [line] : args.map((arg) => `${arg},`);
  return [`${callee}(`, ...lines.map((text) => INDENT + text), `)${behind}`].join("\n");
}

/** What moves an option other than the lr, or some groups alone, in a program for PyTorch. */
export const OPTION_SCHEDULE = `class OptionSchedule:
    """Moves an option of parameter groups by a factor of the epoch, as a scheduler moves the lr."""

    def __init__(self, groups, option, factor):
        self.groups, self.option, self.factor = groups, option, factor
        self.bases = [self.read(group) for group in groups]
        self.last_epoch = -1
        self.step()

    def is_beta(self, group):
        return self.option == "momentum" and "betas" in group

    def read(self, group):
        return group["betas"][0] if self.is_beta(group) else group[self.option]

    def step(self):
        self.last_epoch += 1
        for group, base in zip(self.groups, self.bases):
            value = base * self.factor(self.last_epoch)
            if self.is_beta(group):
                group["betas"] = (value, *group["betas"][1:])
            else:
                group[self.option] = value`;

/** A function of the epoch. */
export function define(name: string, body: readonly string[]): string {
  return [`def ${name}(epoch):`, ...body.map((line) => INDENT + line)].join("\n");
}

/** A function without a name, if it is short enough for that. */
export function lambda(expression: string): string | undefined {
  const text = `lambda epoch: ${expression}`;
  return INDENT.length + text.length <= WIDTH ? text : undefined;
}

/** The statement that gives a product. */
export function return_product(factors: readonly string[]): string[] {
  const line = `return ${factors.join(" * ")}`;
  if (INDENT.length + line.length <= WIDTH) return [line];
  const lines = factors.map((factor, i) => `${INDENT}${i > 0 ? "* " : ""}${factor}`);
  return ["return (", ...lines, ")"];
}

export function import_from(module: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const line = `from ${module} import ${names.join(", ")}`;
  if (line.length <= WIDTH) return [line];
  return [`from ${module} import (`, ...names.map((name) => `${INDENT}${name},`), ")"];
}
