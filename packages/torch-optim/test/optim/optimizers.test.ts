import { describe, expect, test, vi } from "vitest";
import * as torch from "../../src/index.ts";
import adadelta from "../fixtures/optimizer/Adadelta.json";
import adafactor from "../fixtures/optimizer/Adafactor.json";
import adagrad from "../fixtures/optimizer/Adagrad.json";
import adam from "../fixtures/optimizer/Adam.json";
import adamax from "../fixtures/optimizer/Adamax.json";
import adamw from "../fixtures/optimizer/AdamW.json";
import asgd from "../fixtures/optimizer/ASGD.json";
import muon from "../fixtures/optimizer/Muon.json";
import nadam from "../fixtures/optimizer/NAdam.json";
import radam from "../fixtures/optimizer/RAdam.json";
import rmsprop from "../fixtures/optimizer/RMSprop.json";
import rprop from "../fixtures/optimizer/Rprop.json";
import sgd from "../fixtures/optimizer/SGD.json";

interface Case {
  readonly options: object;
  readonly own: object;
  readonly dtype: string;
  readonly shapes?: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  readonly grads: readonly (readonly (readonly number[])[])[];
  readonly after: { readonly [step: string]: readonly (readonly number[])[] };
  readonly state: {
    readonly state: { readonly [index: string]: { readonly [key: string]: number | number[] } };
    readonly param_groups: readonly { readonly lr: number }[];
  };
}

type OptimizerClass = new (
  params: readonly { params: readonly torch.Parameter[] }[],
  options: object,
) => torch.optim.Optimizer;

const CLASSES: readonly [OptimizerClass, { pytorch: string; cases: readonly unknown[] }][] = [
  [torch.optim.SGD, sgd],
  [torch.optim.Adam, adam],
  [torch.optim.AdamW, adamw],
  [torch.optim.NAdam, nadam],
  [torch.optim.RAdam, radam],
  [torch.optim.Adamax, adamax],
  [torch.optim.Adagrad, adagrad],
  [torch.optim.Adadelta, adadelta],
  [torch.optim.RMSprop, rmsprop],
  [torch.optim.Rprop, rprop],
  [torch.optim.ASGD, asgd],
  [torch.optim.Adafactor, adafactor],
  [torch.optim.Muon, muon],
];

/** The bar: in shares of the largest parameter. */
const TOLERANCE: Record<string, number> = { float32: 2e-6, float64: 1e-12 };

function start(Class: OptimizerClass, { dtype, shapes, start, options, own }: Case) {
  const TypedArray = dtype === "float32" ? Float32Array : Float64Array;
  const params = start.map((row, i) => new torch.Parameter(TypedArray.from(row), shapes?.[i]));
  const groups = [{ params: [params[0]] }, { params: [params[1]], ...own }];
  const optimizer = new Class(groups, options);
  const warmup = new torch.optim.LinearLR(optimizer, { total_iters: 5 });
  const cosine = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 20 });
  const scheduler = new torch.optim.SequentialLR(optimizer, {
    schedulers: [warmup, cosine],
    milestones: [5],
  });
  return { params, optimizer, scheduler };
}

function train(
  { params, optimizer, scheduler }: ReturnType<typeof start>,
  { grads }: Case,
  from: number,
  to: number,
): void {
  for (let k = from; k < to; k++) {
    for (const [i, param] of params.entries()) {
      // As in the fixture, the last steps leave the second parameter without a gradient.
      param.grad = i === 1 && k >= 17 ? null : [...grads[k][i]];
    }
    optimizer.step();
    scheduler.step();
  }
}

function expect_close(params: readonly torch.Parameter[], wanted: Case["start"], dtype: string) {
  const largest = Math.max(...wanted.flat().map(Math.abs));
  for (const [i, { data }] of params.entries()) {
    for (const [j, value] of data.entries()) {
      expect(Math.abs(value - wanted[i][j]) / largest).toBeLessThanOrEqual(TOLERANCE[dtype]);
    }
  }
}

/** Expects PyTorch's entries, each within the bar in shares of its largest number. */
function expect_state(optimizer: torch.optim.Optimizer, { state, dtype }: Case): void {
  const found = optimizer.state_dict().state;
  expect(Object.keys(found)).toEqual(Object.keys(state.state));
  for (const [index, entries] of Object.entries(state.state)) {
    expect(Object.keys(found[index])).toEqual(Object.keys(entries));
    for (const [key, entry] of Object.entries(entries)) {
      const wanted = [entry].flat();
      const largest = Math.max(...wanted.map(Math.abs), Number.MIN_VALUE);
      const numbers = [found[index][key]].flat().map(Number);
      expect(numbers).toHaveLength(wanted.length);
      for (const [i, x] of numbers.entries()) {
        const difference = Math.abs(x - wanted[i]) / largest;
        expect(difference, `${index}.${key}`).toBeLessThanOrEqual(TOLERANCE[dtype]);
      }
    }
  }
}

for (const [Class, { pytorch, cases }] of CLASSES) {
  describe(Class.name, () => {
    for (const drawn of cases as readonly Case[]) {
      const name = `${JSON.stringify(drawn.options)} in ${drawn.dtype}`;

      test(`${name} gives PyTorch ${pytorch}'s parameters and state`, () => {
        const run = start(Class, drawn);
        let done = 0;
        for (const [step, wanted] of Object.entries(drawn.after)) {
          train(run, drawn, done, Number(step));
          done = Number(step);
          expect_close(run.params, wanted, drawn.dtype);
        }
        expect_state(run.optimizer, drawn);
      });

      test(`${name} goes on from its own state bit for bit`, () => {
        const whole = start(Class, drawn);
        train(whole, drawn, 0, 11);
        const saved = JSON.stringify([whole.optimizer.state_dict(), whole.scheduler.state_dict()]);
        const values = whole.params.map(({ data }) => data.slice());
        train(whole, drawn, 11, 20);

        const resumed = start(Class, drawn);
        const [optimizer_state, scheduler_state] = JSON.parse(saved);
        resumed.scheduler.load_state_dict(scheduler_state);
        resumed.optimizer.load_state_dict(optimizer_state);
        for (const [i, { data }] of resumed.params.entries()) data.set(values[i]);
        train(resumed, drawn, 11, 20);
        expect(resumed.params.map(({ data }) => data)).toEqual(
          whole.params.map(({ data }) => data),
        );
      });

      test(`${name} loads PyTorch's state`, () => {
        const { optimizer, params } = start(Class, drawn);
        optimizer.load_state_dict(drawn.state);
        expect(optimizer.param_groups[1].lr).toBe(drawn.state.param_groups[1].lr);
        expect(optimizer.state.has(params[0])).toBe(Object.keys(drawn.state.state).length > 0);
      });
    }
  });
}

describe("Optimizer", () => {
  const param = () => new torch.Parameter([1, 2, 3]);

  test("step evaluates the closure first and returns its loss", () => {
    const p = param();
    const optimizer = new torch.optim.SGD([p], { lr: 1 });
    const loss = optimizer.step(() => {
      p.grad = new Float64Array([1, 1, 1]);
      return 7;
    });
    expect(loss).toBe(7);
    expect([...p.data]).toEqual([0, 1, 2]);
  });

  test("plain objects of the form { data, grad } are updated in place", () => {
    const plain = { data: [1, 2], grad: [1, 0] };
    new torch.optim.SGD([plain], { lr: 0.5 }).step();
    expect(plain.data).toEqual([0.5, 2]);
  });

  test("zero_grad drops gradients, or sets them to 0", () => {
    const p = param();
    const optimizer = new torch.optim.SGD([p]);
    p.grad = [1, 2, 3];
    optimizer.zero_grad({ set_to_none: false });
    expect(p.grad).toEqual(new Float64Array(3));
    optimizer.zero_grad();
    expect(p.grad).toBeNull();
  });

  test("each group owns its betas", () => {
    const groups = [{ params: [param()] }, { params: [param()] }];
    const { param_groups } = new torch.optim.Adam(groups, { betas: [0.8, 0.9] });
    param_groups[0].betas[0] = 0.1;
    expect(param_groups[1].betas).toEqual([0.8, 0.9]);
  });

  test("options that changed in mid-run count at the next step", () => {
    const p = param();
    const optimizer = new torch.optim.SGD([p], { lr: 1 });
    optimizer.param_groups[0].lr = 0.25;
    p.grad = [1, 1, 1];
    optimizer.step();
    expect([...p.data]).toEqual([0.75, 1.75, 2.75]);
  });

  test.each([
    torch.optim.Adam,
    torch.optim.AdamW,
    torch.optim.NAdam,
    torch.optim.RAdam,
    torch.optim.Adamax,
  ])("$name with a beta1 of 0 keeps nothing of a gradient, however large", (Class) => {
    const p = param();
    const optimizer = new Class([p], { betas: [0, 0.999] });
    for (const size of [1e20, 1]) {
      p.grad = [size, -size, size];
      optimizer.step();
    }
    expect(optimizer.state_dict().state[0].exp_avg).toEqual([1, -1, 1]);
  });

  test("a scheduler that steps first warns once; a foreign optimizer's never does", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const optimizer = new torch.optim.SGD([param()], { lr: 1 });
    const scheduler = new torch.optim.StepLR(optimizer, { step_size: 1 });
    scheduler.step();
    scheduler.step();
    new torch.optim.StepLR({ param_groups: [{ lr: 1 }] }, { step_size: 1 }).step();
    new torch.optim.StepLR(optimizer, { step_size: 1, last_epoch: 3 }).step();
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  test.each<[string, () => unknown, ErrorConstructor, RegExp]>([
    ["lr", () => new torch.optim.SGD([param()], { lr: -1 }), RangeError, /^SGD: lr .* got -1$/],
    ["NaN", () => new torch.optim.Adam([param()], { lr: Number.NaN }), RangeError, /got NaN$/],
    [
      "betas",
      () => new torch.optim.AdamW([param()], { betas: [1, 0] }),
      RangeError,
      /^AdamW: betas/,
    ],
    [
      "betas that are no numbers",
      () => new torch.optim.Adam([param()], { betas: ["0.5", 0.9] as never }),
      TypeError,
      /^Adam: betas must be two numbers from 0 to below 1, got \["0.5", 0.9\]$/,
    ],
    ["nothing", () => new torch.optim.SGD([]), TypeError, /^SGD: params .* got \[\]$/],
    [
      "nesterov",
      () => new torch.optim.SGD([param()], { nesterov: true }),
      Error,
      /^SGD: nesterov must be false without momentum/,
    ],
    [
      "a parameter in two groups",
      () => {
        const p = param();
        return new torch.optim.SGD([{ params: [p] }, { params: [p] }]);
      },
      Error,
      /^SGD: a parameter must stand in one group and once/,
    ],
    [
      "an unknown option",
      () => new torch.optim.SGD([param()], { momentun: 1 } as never),
      TypeError,
      /^SGD: momentun is not an option; the options are: lr, momentum/,
    ],
    [
      "a gradient of another length",
      () => {
        new torch.optim.SGD([{ data: [1, 2, 3], grad: [1] }]).step();
      },
      RangeError,
      /^SGD: grad of parameter 0 of group 0 must have 3 values like its data, got 1$/,
    ],
  ])("refuses %s in one clear sentence", (_, act, error, message) => {
    expect(act).toThrow(error);
    expect(act).toThrow(message);
  });

  test("a refused state changes nothing", () => {
    const p = param();
    const optimizer = new torch.optim.Adam([p], { lr: 0.1 });
    p.grad = [1, 2, 3];
    optimizer.step();
    const good = optimizer.state_dict();
    const bad = [
      { ...good, param_groups: [] },
      { ...good, param_groups: [{ ...good.param_groups[0], lr: "x" }] },
      { ...good, param_groups: [{ params: [0] }] },
      { ...good, state: { 0: { ...good.state[0], exp_avg: [1] } } },
      { ...good, state: { 0: { ...good.state[0], step: -1 } } },
      { ...good, state: { 0: { step: 1 } } },
      { ...good, state: [] },
      {},
    ];
    for (const state of bad) {
      expect(() => optimizer.load_state_dict(state)).toThrow(/^Adam: state_dict|^Adam: lr/);
      expect(optimizer.state_dict()).toEqual(good);
    }
  });
});
