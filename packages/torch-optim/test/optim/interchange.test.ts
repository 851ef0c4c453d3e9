import { describe, expect, test } from "vitest";
import from_pytorch from "../fixtures/interchange/optimizers_from_pytorch.json";
import to_pytorch from "../fixtures/interchange/optimizers_to_pytorch.json";
import { type State, saved } from "../support/checkpoint.ts";
import { expect_close } from "../support/close.ts";
import { type OptimizerRun, start_training, train, values_of } from "../support/training.ts";

/** The bar: in shares of the largest parameter. */
const TOLERANCE: Record<string, number> = { float32: 2e-6, float64: 1e-12 };

const cases_of = ({ cases }: { cases: readonly unknown[] }) => cases as readonly OptimizerRun[];
const name_of = ({ kind, options, dtype }: OptimizerRun) =>
  `${kind} ${JSON.stringify(options)} in ${dtype}`;

function expect_values(actual: readonly (readonly number[])[], drawn: OptimizerRun): void {
  const largest = Math.max(...drawn.after.flat().map(Math.abs));
  expect_close(actual, drawn.after, largest, name_of(drawn), TOLERANCE[drawn.dtype]);
}

describe("optimizers from and to Python", () => {
  test.each(
    cases_of(from_pytorch).map((drawn) => [name_of(drawn), drawn] as const),
  )(`a state from PyTorch ${from_pytorch.pytorch} goes on with its parameters: %s`, (_, drawn) => {
    const run = start_training(drawn, drawn.params);
    run.scheduler.load_state_dict(drawn.state.scheduler);
    run.optimizer.load_state_dict(drawn.state.optimizer);
    train(run, drawn, drawn.stopped, drawn.grads.length);
    expect_values(values_of(run), drawn);
  });

  test.each(
    cases_of(to_pytorch).map((drawn) => [name_of(drawn), drawn] as const),
  )(`PyTorch ${to_pytorch.pytorch} went on from our state with our parameters: %s`, (name, drawn) => {
    const run = start_training(drawn);
    train(run, drawn, 0, drawn.stopped);
    // What PyTorch was given is what is written today.
    const largest = Math.max(1, ...drawn.params.flat().map(Math.abs));
    const tolerance = TOLERANCE[drawn.dtype];
    expect_close(values_of(run), drawn.params, largest, name, tolerance);
    expect_close<State>(saved(run), drawn.state, largest, name, tolerance);
    train(run, drawn, drawn.stopped, drawn.grads.length);
    expect_values(values_of(run), drawn);
  });

  test("an lr that a schedule left just below 0 is taken up", () => {
    const [drawn] = cases_of(to_pytorch);
    const { optimizer } = start_training(drawn);
    optimizer.param_groups[0].lr = -1e-19;
    const state = optimizer.state_dict();
    optimizer.param_groups[0].lr = 1;
    optimizer.load_state_dict(state);
    expect(optimizer.param_groups[0].lr).toBe(-1e-19);
  });
});
