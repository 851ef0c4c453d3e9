/** One thing that is wrong with a spec. */
export interface SpecProblem {
  /** Where: `schedulers[1].T_max`, or `spec` for the whole of it. */
  readonly path: string;
  /** Completes the sentence that the path begins. */
  readonly message: string;
}

/** Everything that is wrong with a spec, one problem a line. */
export class SpecError extends Error {
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

function point_at(text: string, position: number): string {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  const [line] = text.slice(start).split(/\r?\n/, 1);
  const column = position - start;
  const from = Math.max(0, column - CONTEXT);
  const before = `${from > 0 ? "…" : ""}${line.slice(from, column)}`;
  const after = line.slice(column, column + CONTEXT);
  const rest = line.length > column + CONTEXT ? "…" : "";
  return `  ${`${before}${after}${rest}`.replaceAll("\t", " ")}\n  ${" ".repeat(before.length)}^`;
}
