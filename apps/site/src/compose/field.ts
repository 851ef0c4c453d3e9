import type { OptionDescription } from "torch-optim/lr_scheduler";

/** By what an option is edited. */
export type Field =
  | { readonly kind: "choice"; readonly choices: readonly unknown[] }
  | { readonly kind: "text"; readonly mode: "numeric" | "decimal" | "text" };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

export function fieldOf({ expected }: OptionDescription): Field {
  if (expected === "true or false") return { kind: "choice", choices: [true, false] };
  const [, list] = /^one of (.*)$/.exec(expected) ?? [];
  if (list !== undefined) return { kind: "choice", choices: JSON.parse(`[${list}]`) };
  if (expected.includes("list")) return { kind: "text", mode: "text" };
  return { kind: "text", mode: expected.startsWith("a finite number") ? "decimal" : "text" };
}

/** What a person typed, as a spec holds it; nothing is left out, and what is none of these stays text. */
export function valueIn(text: string): unknown {
  const typed = text.trim();
  if (typed === "") return undefined;
  if (NUMBER.test(typed)) return Number(typed);
  if (typed === "null") return null;
  if (!typed.startsWith("[") && !typed.includes(",")) return typed;
  const items = typed.replace(/^\[|\]$/g, "").split(",");
  return items.map(valueIn).filter((item) => item !== undefined);
}

/** A value as a person types it. */
export function textOf(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
