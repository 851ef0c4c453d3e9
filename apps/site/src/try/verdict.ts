import type { Row } from "./messages.ts";
import { smoothed } from "./smooth.ts";

/** The loss of one who guesses among ten digits. */
const GUESSING = Math.log(10);

/** That a whole training came to nothing, in a sentence, if it did. */
export function failureOf(rows: readonly Row[]): string | undefined {
  const loss = smoothed(rows.map((row) => row.loss)).at(-1);
  if (loss === undefined || loss < GUESSING) return undefined;
  return `It learned nothing: guessing has a loss of ${GUESSING.toFixed(2)}, and it ended at ${Number(loss.toPrecision(3))}. A smaller learning rate may help.`;
}

/** How well each knows the images held out in the end, in a sentence. */
export function verdictOn(
  courses: readonly { readonly name: string; readonly rows: readonly Row[] }[],
): string {
  const each = courses.flatMap(({ name, rows }) => {
    const accuracy = rows.findLast((row) => row.accuracy !== undefined)?.accuracy;
    return accuracy === undefined ? [] : [`${name} ${(100 * accuracy).toFixed(1)} %`];
  });
  if (each.length === 0) return "";
  return `Recognised, of the images that were held out: ${each.join(", ")}.`;
}
