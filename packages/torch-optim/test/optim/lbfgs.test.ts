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

  const logarithm = ([x, y]: torch.ParameterLike["data"]) => ({
    loss: -Math.log(x) + x * x + x * y + 3 * x + y * y - y,
    grad: [-1 / x + 2 * x + y + 3, x + 2 * y - 1],
  });

  test("a trial where there is no loss was a step too long", () => {
    const param = new torch.Parameter([0.5, 0.5]);
    const options = { line_search_fn: "strong_wolfe", max_iter: 50 } as const;
    const optimizer = new torch.optim.LBFGS([param], options);
    let outside = 0;
    optimizer.step(() => {
      const { loss, grad } = logarithm(param.data);
      if (!Number.isFinite(loss)) outside++;
      param.grad = grad;
      return loss;
    });
    expect(outside).toBeGreaterThan(0);
    // Where the gradient is 0: y = (1 - x) / 2 and 1.5 x² + 3.5 x = 1.
    const x = (Math.sqrt(3.5 ** 2 + 4 * 1.5) - 3.5) / 3;
    expect(param.data[0]).toBeCloseTo(x, 4);
    expect(param.data[1]).toBeCloseTo((1 - x) / 2, 4);
  });

  test.each([
    Number.NaN,
    Infinity,
    -Infinity,
  ])("a search ends where it is best, with losses of %d beyond", (beyond) => {
    const param = new torch.Parameter([1]);
    const options = { line_search_fn: "strong_wolfe", lr: 100, max_iter: 20 } as const;
    const optimizer = new torch.optim.LBFGS([param], options);
    for (let k = 0; k < 5; k++) {
      optimizer.step(() => {
        const [x] = param.data;
        param.grad = [x > 0 ? 2 * (x - 0.25) : Number.NaN];
        return x > 0 ? (x - 0.25) ** 2 : beyond;
      });
    }
    expect(param.data[0]).toBeCloseTo(0.25, 6);
  });

  type Point = torch.ParameterLike["data"];
  const parabola_of = ([x]: Point) => [x * x, 2 * x];
  const steep = ([x]: Point) => [1e6 * x + x * x, 1e6 + 2 * x];
  const rosenbrock = ([x, y]: Point) => [
    (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    -2 * (1 - x) - 400 * x * (y - x * x),
    200 * (y - x * x),
  ];

  // PyTorch 2.14.1's evaluations, iterations and parameters after a step.
  test.each<[string, (p: Point) => number[], number[], object, number[], number[]]>([
    ["slope", parabola_of, [3], { lr: 0.5, tolerance_change: 30 }, [2, 1], [2.5]],
    ["slope", parabola_of, [3], { lr: 0.5, tolerance_change: 40 }, [1, 1], [3]],
    ["move", steep, [3], { lr: 1e-3, tolerance_change: 0.0005 }, [4, 4], [-1495.5104933504158]],
    ["move", steep, [3], { lr: 1e-3, tolerance_change: 0.01 }, [2, 1], [2.999]],
    ["loss", parabola_of, [3], { lr: 5.99, tolerance_change: 0.05 }, [4, 4], [371.51198201]],
    ["loss", parabola_of, [3], { lr: 5.99, tolerance_change: 0.1 }, [2, 1], [-2.99]],
    [
      "loss, whatever the line search found before",
      rosenbrock,
      [-1.2, 1],
      { line_search_fn: "strong_wolfe", tolerance_change: 1, max_eval: 1000 },
      [3, 1],
      [-1.0245319303460325, 1.0716196202669255],
    ],
    ["gradient", parabola_of, [3], { tolerance_grad: Infinity }, [1, 0], [3]],
    ["slope", parabola_of, [3], { tolerance_change: Infinity }, [1, 1], [3]],
  ])("ends a step by the tolerance of the %s: %#", (_, evaluate, begin, options, counts, end) => {
    const param = new torch.Parameter(begin);
    const optimizer = new torch.optim.LBFGS([param], { max_iter: 4, ...options });
    optimizer.step(() => {
      const [loss, ...grad] = evaluate(param.data);
      param.grad = grad;
      return loss;
    });
    const { func_evals, n_iter } = optimizer.state.get(param) ?? {};
    expect([func_evals, n_iter]).toEqual(counts);
    expect_close([...param.data], end, 1, "parameters", 1e-8);
  });

  test("a tolerance of Infinity goes through JSON", () => {
    const { optimizer } = parabola({ tolerance_grad: Infinity });
    const state = JSON.parse(JSON.stringify(optimizer.state_dict()));
    expect(state.param_groups[0].tolerance_grad).toBe("Infinity");
    const { optimizer: other } = parabola();
    other.load_state_dict(state);
    expect(other.param_groups[0].tolerance_grad).toBe(Infinity);
  });

  test("an older state, without maximize, goes on; a group without its lr does not", () => {
    const { optimizer } = parabola({ maximize: true, lr: 0.5 });
    const { param_groups, state } = optimizer.state_dict();
    const { maximize: _, ...older } = param_groups[0];
    optimizer.load_state_dict({ state, param_groups: [older] });
    expect(optimizer.param_groups[0].maximize).toBe(false);
    const { lr: __, ...without } = older;
    expect(() => optimizer.load_state_dict({ state, param_groups: [without] })).toThrow(
      "LBFGS: state_dict.param_groups[0].lr is missing",
    );
  });

  test("asks for no more history than there can be", () => {
    const { optimizer } = parabola();
    const { param_groups, state } = optimizer.state_dict();
    for (const history_size of [2 ** 31, Number.MAX_SAFE_INTEGER]) {
      const group = { ...param_groups[0], history_size };
      expect(() => optimizer.load_state_dict({ state, param_groups: [group] })).toThrow(
        "LBFGS: state_dict.param_groups[0].history_size must be a whole number of at least 1 and of at most 10000",
      );
    }
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
