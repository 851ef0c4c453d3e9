import { jsonLanguage } from "@codemirror/lang-json";
import type { SyntaxNode } from "@lezer/common";
import { parse_spec, type Spec } from "torch-optim/lr_scheduler";
import { lengthsOf } from "../studio/plan.ts";
import { layOut } from "./json_layout.ts";
import { stepsOf } from "./path.ts";
import { Mistaken, mistakenIn, type PlanText, wordAt } from "./plan_text.ts";

/** A plan's spec as JSON, shares and epochs as they are. */
export const JSON_TEXT: PlanText = {
  write: ({ spec }) => layOut(spec),
  read(text, plan) {
    const start = text.search(/\S/);
    // Anything else would be read as the short form.
    if (text[start] !== "{") {
      throw new Mistaken([{ ...wordAt(text, Math.max(0, start)), message: 'expected "{"' }]);
    }
    try {
      parse_spec(text, lengthsOf(plan));
    } catch (error) {
      throw mistakenIn(error, text, (path) => placeInJson(text, path));
    }
    const { $schema, ...spec } = JSON.parse(text);
    return { ...plan, spec: spec as Spec };
  },
};

/** Where in JSON stands what a path leads to, or the nearest around it that is there. */
export function placeInJson(text: string, path: string): { from: number; to: number } {
  let [node] = children(jsonLanguage.parser.parse(text).topNode);
  for (const step of stepsOf(path)) {
    const inside = typeof step === "number" ? itemOf(node, step) : propertyOf(text, node, step);
    if (!inside) return typeOf(text, node);
    node = inside;
  }
  const whole = node.name === "Object" ? typeOf(text, node) : node;
  return firstLine(text, whole);
}

/** Of an object that lacks something: its type, which says what it needs. */
function typeOf(text: string, node: SyntaxNode): { from: number; to: number } {
  return firstLine(text, propertyOf(text, node, "type")?.parent ?? node);
}

function firstLine(text: string, { from, to }: { from: number; to: number }) {
  const end = text.indexOf("\n", from);
  return { from, to: end < 0 ? to : Math.min(to, end) };
}

function itemOf(node: SyntaxNode, index: number): SyntaxNode | undefined {
  return node.name === "Array" ? children(node).filter(isValue)[index] : undefined;
}

/** The value of a property; of several with one name the last, as in what is read. */
function propertyOf(text: string, node: SyntaxNode, name: string): SyntaxNode | undefined {
  const own = children(node).filter((property) => {
    const key = property.name === "Property" ? property.firstChild : null;
    return key && text.slice(key.from + 1, key.to - 1) === name;
  });
  return own.at(-1)?.lastChild ?? undefined;
}

/** The data that a path leads to, also in JSON that is still being written; of an object its plain values. */
export function valueInJson(
  text: string,
  path: readonly (string | number)[],
): Readonly<Record<string, unknown>> | undefined {
  let [node] = children(jsonLanguage.parser.parse(text).topNode);
  for (const step of path) {
    const inside = typeof step === "number" ? itemOf(node, step) : propertyOf(text, node, step);
    if (!inside) return undefined;
    node = inside;
  }
  const properties = children(node).filter(({ name }) => name === "Property");
  return Object.fromEntries(
    properties.map(({ firstChild, lastChild }) => [
      plain(text, firstChild) ?? "",
      plain(text, lastChild),
    ]),
  );
}

function plain(text: string, node: SyntaxNode | null): unknown {
  return node?.name === "String" || node?.name === "PropertyName"
    ? text.slice(node.from + 1, node.to - 1)
    : undefined;
}

function isValue({ name }: SyntaxNode): boolean {
  return /^[A-Z]/.test(name);
}

function children(node: SyntaxNode): SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) list.push(child);
  return list;
}
