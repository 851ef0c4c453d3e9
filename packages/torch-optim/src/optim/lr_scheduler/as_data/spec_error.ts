import { visible } from "./visible.ts";

/** One thing that is wrong with a spec. */
export interface SpecProblem {
  /** Where: `schedulers[1].T_max`, or `spec` for the whole of it. */
  readonly path: string;
  /** Completes the sentence that the path begins. */
  readonly message: string;
}

/** Everything that is wrong with a spec, one problem a line. */
export class SpecError extends Error {
  /** By which it is told from other errors. */
  override readonly name = "SpecError";

  /** @param problems - What is wrong, in the order of the spec. */
  constructor(readonly problems: readonly SpecProblem[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  }
}

/** How much of a long line is shown on either side of a mistake. */
const CONTEXT = 40;

/** A mistake in the text of a spec, with a caret under the character. */
export class SpecSyntaxError extends Error {
  /** By which it is told from other errors. */
  override readonly name = "SpecSyntaxError";

  /** @param position - The index of the character in the text. */
  constructor(
    message: string,
    text: string,
    readonly position: number,
  ) {
    super(`${message}\n${point_at(text, position)}`);
  }
}

/** The part of the line around a character, and a caret below that character. */
function point_at(text: string, position: number): string {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  const end = text.indexOf("\n", position);
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
  const column = position - start;
  const from = whole(line, Math.max(0, column - CONTEXT));
  const to = whole(line, Math.min(line.length, column + CONTEXT));
  const before = `${from > 0 ? "…" : ""}${printable(line.slice(from, column))}`;
  const after = `${printable(line.slice(column, to))}${to < line.length ? "…" : ""}`;
  return `  ${before}${after}\n  ${" ".repeat(before.length)}^`;
}

/** Where to cut a line near an index: not between the halves of a character. */
function whole(line: string, index: number): number {
  return index > 0 && (line.codePointAt(index - 1) ?? 0) > 0xffff ? index + 1 : index;
}

function printable(text: string): string {
  return visible(text.replaceAll("\t", " "));
}
