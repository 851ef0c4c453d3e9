import { printable } from "../printable.ts";

type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** An element of an SVG; `children` are elements already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === "number" ? round(value) : escaped(`${value}`)}"`,
    )
    .join("");
  if (children.length === 0) return `<${name}${written}/>`;
  return `<${name}${written}>${children.join("")}</${name}>`;
}

/** A line of text, in which anything may stand. */
export function text(content: string, attributes: Attributes): string {
  return element("text", attributes, escaped(content));
}

/** What a path's `d` says for a line through places. */
export function lineThrough(places: readonly (readonly [x: number, y: number])[]): string {
  return `M${places.map(([x, y]) => `${round(x)},${round(y)}`).join("L")}`;
}

function escaped(content: string): string {
  return printable(content).replace(/[&<>"]/g, (letter) => ENTITIES[letter]);
}

/** Hundredths of a unit are finer than any eye or printer. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
