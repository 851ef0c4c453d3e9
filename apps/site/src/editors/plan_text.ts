import { SpecError, type SpecProblem, SpecSyntaxError } from "torch-optim/lr_scheduler";
import type { Plan } from "../studio/plan.ts";

/** Something wrong in a text, and where. */
export interface Mistake {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** Why a text is no plan. */
export class Mistaken extends Error {
  override readonly name = "Mistaken";

  constructor(readonly mistakes: readonly Mistake[]) {
    super(mistakes.map(({ message }) => message).join("\n"));
  }
}

/** A way to write a plan down. */
export interface PlanText {
  /** @throws Error with a sentence that says why the plan cannot be written so. */
  write(plan: Plan): string;
  /**
   * The plan as it is after a text was edited.
   *
   * @throws Mistaken with all that is wrong.
   */
  read(text: string, plan: Plan): Plan;
}

/** Where in a text stands what the path of a problem speaks of. */
export type Locate = (path: string) => { readonly from: number; readonly to: number };

/** Problems of a spec as mistakes of the text that it was read from. */
export function mistakenBy(problems: readonly SpecProblem[], locate: Locate): Mistaken {
  return new Mistaken(
    problems.map(({ path, message }) => ({ ...locate(path), message: `${path}: ${message}` })),
  );
}

/**
 * What the library refuses a text with, as mistakes in it; anything else is thrown on.
 *
 * @param text - What was to be read.
 */
export function mistakenIn(error: unknown, text: string, locate: Locate): Mistaken {
  if (error instanceof SpecError) return mistakenBy(error.problems, locate);
  if (!(error instanceof SpecSyntaxError)) throw error;
  return new Mistaken([{ ...wordAt(text, error.position), message: sentenceOf(error) }]);
}

/** The word or the sign at a place, so that something is there to be underlined. */
export function wordAt(text: string, position: number): { from: number; to: number } {
  const word = /[\w.%-]+|[^\n]/uy;
  word.lastIndex = position;
  const found = word.exec(text)?.[0] ?? "";
  // At the end of a text or a line, it is the last sign that something is missing after.
  if (found.trim() === "" && position > 0) return { from: position - 1, to: position };
  return { from: position, to: position + found.length };
}

/** What a syntax error says, without the line and the caret below it. */
function sentenceOf({ message }: SpecSyntaxError): string {
  return message.split("\n").slice(0, -2).join("\n");
}
