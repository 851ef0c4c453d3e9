import { describe, expect, test } from "vitest";
import ahead from "../../fixtures/interchange/ahead_from_pytorch.json";
import from_pytorch from "../../fixtures/interchange/from_pytorch.json";
import to_pytorch from "../../fixtures/interchange/to_pytorch.json";
import {
  type Checkpoint,
  course,
  type Run,
  run_to_checkpoint,
  type State,
  saved,
  start,
} from "../../support/checkpoint.ts";
import { expect_close } from "../../support/close.ts";

const cases_of = ({ cases }: { cases: readonly unknown[] }) => cases as readonly Checkpoint[];

function expect_course(drawn: Checkpoint, { lr, momentum }: ReturnType<typeof course>): void {
  const about = JSON.stringify(drawn.spec);
  expect_close(lr, drawn.lr, Math.max(...drawn.groups, ...drawn.lr.flat()), about);
  if (drawn.momentum) expect_close(momentum, drawn.momentum, 1, about);
}

/** The course of a run whose optimizer was restored last: it has the lr that PyTorch gave it until the next step. */
function course_after_optimizer(drawn: Checkpoint, run: Run) {
  const ours = course(drawn, run);
  if (drawn.by_law) for (const [g, lr] of drawn.lr.entries()) [ours.lr[g][0]] = lr;
  return ours;
}

function bare_infinities(value: unknown): unknown {
  if (value === "Infinity" || value === "-Infinity") return Number(value);
  if (Array.isArray(value)) return value.map(bare_infinities);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, bare_infinities(item)]),
  );
}

describe("schedulers from and to Python", () => {
  const drawn_there = cases_of(from_pytorch);
  test(`a state from PyTorch ${from_pytorch.pytorch} goes on with its numbers in ${drawn_there.length} cases`, () => {
    for (const drawn of drawn_there) {
      for (const optimizer_last of [true, false]) {
        const run = start(drawn);
        const { optimizer, scheduler } = structuredClone(drawn.state);
        if (!optimizer_last) run.optimizer.load_state_dict(optimizer);
        run.scheduler.load_state_dict(scheduler);
        if (optimizer_last) run.optimizer.load_state_dict(optimizer);
        expect_course(
          drawn,
          optimizer_last ? course_after_optimizer(drawn, run) : course(drawn, run),
        );
      }
    }
  });

  test("PyTorch's own state_dict() as JSON, with no help, goes on with its numbers as well", () => {
    for (const drawn of drawn_there) {
      // Infinities are words in JSON, quoted or bare.
      for (const raw of [drawn.raw, bare_infinities(drawn.raw)]) {
        const run = start(drawn);
        run.scheduler.load_state_dict(structuredClone(raw) as object);
        // An lr that was set by hand stands in the optimizer's state alone.
        run.optimizer.load_state_dict(structuredClone(drawn.state.optimizer));
        expect_course(drawn, course_after_optimizer(drawn, run));
      }
    }
  });

  test("where PyTorch's inner sequence is an epoch ahead, the outermost epoch decides", () => {
    for (const drawn of cases_of(ahead)) {
      const run = start(drawn);
      run.scheduler.load_state_dict(drawn.state.scheduler);
      expect(run.scheduler.last_epoch).toBe(drawn.stopped);
      expect(course(drawn, run)).toEqual(course(drawn, run_to_checkpoint(drawn)));
    }
  });

  const drawn_here = cases_of(to_pytorch);
  test(`PyTorch ${to_pytorch.pytorch} went on with our numbers from ${drawn_here.length} of our states`, () => {
    for (const drawn of drawn_here) {
      const run = run_to_checkpoint(drawn);
      // What PyTorch was given is what is written today.
      expect_close<State>(saved(run), drawn.state, 1, JSON.stringify(drawn.spec));
      expect_course(drawn, course(drawn, run));
    }
  });
});
