import { MOST_RUN } from "../chart/course.ts";

/** A schedule has more steps than are written out in a page. */
export class TooLong extends Error {
  override readonly name = "TooLong";

  constructor(steps: number) {
    super(
      `The schedule has ${steps} steps, and at most ${MOST_RUN} are written out here: the command line writes more.`,
    );
  }
}
