import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import to_pytorch from "../fixtures/interchange/lbfgs_to_pytorch.json";
import from_pytorch from "../fixtures/optimizer/LBFGS.json";
import { saved } from "../support/checkpoint.ts";
import { expect_close } from "../support/close.ts";
import { type LBFGSRun, minimize, start_lbfgs } from "../support/problems.ts";
import { thrown } from "../support/refusal.ts";

/** The bar, in shares of the first loss; in float64 also for the parameters. */
const TOLERANCE: Record<string, number> = { float32: 1e-5, float64: 1e-12 };
const PARAMETERS = 1e-11;

const cases_of = ({ cases }: { cases: readonly unknown[] }) =>
  (cases as readonly LBFGSRun[]).map(
    (drawn) =>
      [`${drawn.problem} ${JSON.stringify(drawn.options)} in ${drawn.dtype}`, drawn] as const,
  );

/** Expects a run's losses, counts and parameters to be PyTorch's from a step on. */
function expect_course(
  run: ReturnType<typeof start_lbfgs>,
  drawn: LBFGSRun,
  begin: number,
  name: string,
): void {
  const { losses, counts } = minimize(run, drawn.losses.length - begin);
  const unit = Math.abs(drawn.losses[0]);
  expect_close(losses, drawn.losses.slice(begin), unit, name, TOLERANCE[drawn.dtype]);
  expect(counts).toEqual(drawn.counts.slice(begin));
  if (drawn.dtype === "float64") expect_close(values_of(run), drawn.after, 1, name, PARAMETERS);
}

function values_of({ params }: ReturnType<typeof start_lbfgs>) {
  return params.map(({ data }) => [...data]);
}

describe("LBFGS", () => {
  test.each(
    cases_of(from_pytorch),
  )(`gives PyTorch ${from_pytorch.pytorch}'s losses after as many evaluations: %s`, (name, drawn) => {
    expect_course(start_lbfgs(drawn), drawn, 0, name);
  });

  test.each(
    cases_of(from_pytorch),
  )(`goes on from PyTorch ${from_pytorch.pytorch}'s state with its losses: %s`, (name, drawn) => {
    const run = start_lbfgs(drawn, drawn.params);
    run.scheduler.load_state_dict(drawn.state.scheduler);
    run.optimizer.load_state_dict(drawn.state.optimizer);
    expect_course(run, drawn, drawn.stopped, name);
  });

  test.each(
    cases_of(to_pytorch),
  )(`PyTorch ${to_pytorch.pytorch} went on from our state with our losses: %s`, (name, drawn) => {
    const run = start_lbfgs(drawn);
    minimize(run, drawn.stopped);
    expect_close<object>(saved(run), drawn.state, 1, name, 1e-4);
    expect_course(run, drawn, drawn.stopped, name);
  });

  test.each(cases_of(from_pytorch))("goes on from its own state bit for bit: %s", (_, drawn) => {
    const whole = start_lbfgs(drawn);
    minimize(whole, 3);
    const state = saved(whole);
    const resumed = start_lbfgs(drawn, values_of(whole));
    resumed.optimizer.load_state_dict(state.optimizer);
    resumed.scheduler.load_state_dict(state.scheduler);
    expect(minimize(resumed, 3)).toEqual(minimize(whole, 3));
    expect(values_of(resumed)).toEqual(values_of(whole));
  });

  const parabola = (options: torch.optim.LBFGSOptions = {}) => {
    const param: torch.ParameterLike = { data: [3, -2], grad: null };
    const optimizer = new torch.optim.LBFGS([param], options);
    let evaluations = 0;
    const closure = () => {
      evaluations++;
      param.grad = Array.isArray(param.data) ? param.data.map((x) => 2 * x) : null;
      return param.data[0] ** 2 + param.data[1] ** 2;
    };
    return { param, optimizer, closure, evaluations: () => evaluations };
  };

  test("finds the minimum of a parabola in a step, and evaluates it once from there on", () => {
    const { param, optimizer, closure, evaluations } = parabola();
    expect(optimizer.step(closure)).toBe(13);
    expect(Math.hypot(...param.data)).toBeLessThan(1e-6);
    const before = evaluations();
    optimizer.step(closure);
    expect(evaluations() - before).toBe(1);
  });

  test("an lr of 0, as at the end of a schedule, moves nothing and costs no line search", () => {
    const { param, optimizer, closure, evaluations } = parabola({
      lr: 0,
      line_search_fn: "strong_wolfe",
    });
    optimizer.step(closure);
    expect(param.data).toEqual([3, -2]);
    expect(evaluations()).toBe(1);
  });

  test("remembers as many changes as history_size says", () => {
    const drawn = cases_of(from_pytorch).map(([, each]) => each);
    for (const each of drawn.filter(({ options }) => options.history_size)) {
      const run = start_lbfgs(each);
      minimize(run, 6);
      const state = run.optimizer.state.get(run.params[0]);
      expect(state?.old_dirs.length).toBe(each.options.history_size);
      expect(state?.ro.length).toBe(each.options.history_size);
    }
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      "a step without a closure",
      () => parabola().optimizer.step(),
      TypeError,
      "LBFGS: closure must be a function that returns the loss, got undefined",
    ],
    [
      "a closure that returns no number",
      () => parabola().optimizer.step(() => Promise.resolve(1)),
      TypeError,
      "LBFGS: the closure's loss must be a number, got an object",
    ],
    [
      "a second group",
      () => {
        const param = () => new torch.Parameter([1]);
        return new torch.optim.LBFGS([{ params: [param()] }, { params: [param()] }]);
      },
      Error,
      "LBFGS: params must be one group, got a second one",
    ],
    [
      "another line search",
      () => parabola({ line_search_fn: "armijo" as never }),
      TypeError,
      'LBFGS: line_search_fn must be one of "strong_wolfe" or null, got "armijo"',
    ],
    [
      "no iterations",
      () => parabola({ max_iter: 0 }),
      RangeError,
      "LBFGS: max_iter must be a whole number of at least 1, got 0",
    ],
  ])("refuses %s in one clear sentence", (_, act, error, message) => {
    const refusal = thrown(act);
    expect(refusal.message).toBe(message);
    expect(refusal).toBeInstanceOf(error);
  });

  test("a refused state changes nothing", () => {
    const { optimizer, closure } = parabola({ max_iter: 3 });
    optimizer.step(closure);
    const good = optimizer.state_dict();
    const { d: _, ...without_d } = good.state[0];
    const bad: [object, string][] = [
      [{ ...good.state[0], ro: [] }, "state[0]: old_dirs, old_stps and ro must be equally long"],
      [{ ...good.state[0], old_stps: [[1]] }, "state[0].old_stps[0] must have 2 values, got 1"],
      [{ ...good.state[0], old_dirs: 3 }, "state[0].old_dirs must be a list, got 3"],
      [without_d, "state[0].d is missing"],
    ];
    for (const [state, message] of bad) {
      const refusal = thrown(() => optimizer.load_state_dict({ ...good, state: { 0: state } }));
      expect(refusal.message).toContain(`LBFGS: state_dict.${message}`);
      expect(optimizer.state_dict()).toEqual(good);
    }
  });
});
