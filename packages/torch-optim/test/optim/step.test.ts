import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { thrown } from "../support/refusal.ts";

type OptimizerClass = new (
  params: readonly torch.ParameterLike[],
  options?: object,
) => torch.optim.Optimizer;

const CLASSES = torch.optim as unknown as Record<string, OptimizerClass>;
const PER_PARAMETER = [
  ...["SGD", "Adam", "AdamW", "NAdam", "RAdam", "Adamax", "Adagrad", "Adadelta", "RMSprop"],
  ...["Rprop", "ASGD", "Adafactor", "Muon"],
];
const NAMES = [...PER_PARAMETER, "LBFGS"];

/** Two parameters, which every optimizer takes, the second one an object of the user's own. */
function start(name: string, data: torch.optim.Numbers = new Float32Array([1, 2, 3])) {
  const first = new torch.Parameter([1, 2, 3], [1, 3]);
  const own = { data, grad: new Float32Array(3).fill(1) as unknown, shape: [1, 3] };
  first.grad = [1, 1, 1];
  const optimizer = new CLASSES[name]([first, own as torch.ParameterLike]);
  return { optimizer, first, own };
}

function step(optimizer: torch.optim.Optimizer): void {
  if (optimizer instanceof torch.optim.LBFGS) optimizer.step(() => 1);
  else optimizer.step();
}

/** States that a step is refused with this sentence, and that nothing has moved. */
function expect_refusal(
  { optimizer, first }: ReturnType<typeof start>,
  error: ErrorConstructor,
  message: string,
  act = () => step(optimizer),
): void {
  const picture = () => [...first.data, optimizer.stepped, JSON.stringify(optimizer.state_dict())];
  const before = picture();
  const refusal = thrown(act);
  expect(refusal.message).toBe(message);
  expect(refusal.constructor).toBe(error);
  expect(picture()).toEqual(before);
}

/** An array whose buffer went to a worker. */
function detached<A extends torch.FloatArray>(array: A): A {
  structuredClone(0, { transfer: [array.buffer] });
  return array;
}

describe.each(NAMES)("a step of %s", (name) => {
  const of_grad = "grad of parameter 1 of group 0 must";

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      "bigints",
      () => new BigInt64Array(3),
      TypeError,
      "be a list of numbers or null, got an object",
    ],
    ["integers", () => new Int32Array(3), TypeError, "be a list of numbers or null, got an object"],
    [
      "only a length",
      () => ({ length: 3 }),
      TypeError,
      "be a list of numbers or null, got an object",
    ],
    ["nothing", () => undefined, TypeError, "be a list of numbers or null, got undefined"],
    ["a hole", () => new Array(3), TypeError, "hold numbers, got undefined at 0"],
    ["a word", () => [1, 2, "3"], TypeError, 'hold numbers, got "3" at 2'],
    ["too few", () => [1, 2], RangeError, "have 3 values like its data, got 2"],
    [
      "what was sent to a worker",
      () => detached(new Float64Array(3)),
      RangeError,
      "have 3 values like its data, got 0",
    ],
  ])("refuses as a gradient %s", (_, make, error, message) => {
    const run = start(name);
    step(run.optimizer);
    run.own.grad = make();
    expect_refusal(run, error, `${name}: ${of_grad} ${message}`);
  });

  test("refuses data that are not what they were", () => {
    const run = start(name);
    step(run.optimizer);
    const of_data = `${name}: data of parameter 1 of group 0 must`;
    const { own } = run;
    const { data } = own;
    const kind = "a Float32Array, a Float64Array or a list of numbers";
    own.data = new Int32Array(3) as never;
    expect_refusal(run, TypeError, `${of_data} be ${kind}, got an object`);
    own.data = [1, Symbol("2"), 3] as never;
    expect_refusal(run, TypeError, `${of_data} hold numbers, got Symbol(2) at 1`);
    // A gradient of its length does not make it right: the state is as long as it was.
    own.data = new Float32Array(4);
    own.grad = new Float32Array(4);
    expect_refusal(run, RangeError, `${of_data} have 3 values as at first, got 4`);
    own.data = detached(data as Float32Array);
    own.grad = detached(new Float32Array(3));
    expect_refusal(run, RangeError, `${of_data} have 3 values as at first, got 0`);
  });

  test("refuses a buffer that was resized", () => {
    const buffer = Reflect.construct(ArrayBuffer, [12, { maxByteLength: 24 }]);
    const data = new Float32Array(buffer);
    data.set([1, 2, 3]);
    const run = start(name, data);
    step(run.optimizer);
    for (const bytes of [24, 8]) {
      buffer.resize(bytes);
      run.own.grad = new Float32Array(data.length);
      const message = `${name}: data of parameter 1 of group 0 must have 3 values as at first`;
      expect_refusal(run, RangeError, `${message}, got ${bytes / 4}`);
    }
  });

  test.each<[unknown, ErrorConstructor, string]>([
    [undefined, TypeError, "undefined"],
    [Number.NaN, RangeError, "NaN"],
    [Infinity, RangeError, "Infinity"],
    ["0.1", TypeError, '"0.1"'],
    [{}, TypeError, "an object"],
    [null, TypeError, "null"],
  ])("refuses an lr that was set to %o", (lr, error, got) => {
    const run = start(name);
    step(run.optimizer);
    Object.assign(run.optimizer.param_groups[0], { lr });
    const message = `${name}: lr of parameter group 0 must be a finite number, got ${got}`;
    expect_refusal(run, error, message);
  });

  test("refuses any option that was set to what it cannot be", () => {
    const { optimizer } = start(name);
    for (const option of Object.keys(optimizer.defaults)) {
      for (const value of [undefined, Number.NaN, "x", {}, new Array(2)]) {
        const run = start(name);
        step(run.optimizer);
        Object.assign(run.optimizer.param_groups[0], { [option]: value });
        const { message } = thrown(() => step(run.optimizer));
        expect(message).toContain(`${name}: ${option} of parameter group 0 must be `);
      }
    }
  });

  test("refuses what is no closure, and an async one before it is called", () => {
    const run = start(name);
    let called = false;
    const asynchronous = async () => {
      called = true;
      return 1;
    };
    const act = (closure: unknown) => () => run.optimizer.step(closure as () => number);
    const be = "closure must be a function that returns the loss";
    expect_refusal(run, TypeError, `${name}: ${be}, got 5`, act(5));
    const message = `${name}: closure must return the loss, got a promise of it`;
    expect_refusal(run, TypeError, message, act(asynchronous));
    expect(called).toBe(false);
  });

  test("takes an lr just below 0, as a schedule may leave it by rounding", () => {
    const { optimizer } = start(name);
    optimizer.param_groups[0].lr = -1e-19;
    expect(() => step(optimizer)).not.toThrow();
  });

  test("passes parameters without values through", () => {
    for (const shape of [
      [0, 3],
      [3, 0],
      [0, 0],
    ]) {
      for (const data of [new Float32Array(0), new Float64Array(0)]) {
        const empty = new torch.Parameter(data, shape);
        const full = new torch.Parameter([1, 2, 3, 4], [2, 2]);
        const alone = new torch.Parameter([1, 2, 3, 4], [2, 2]);
        const together = new CLASSES[name]([empty, full]);
        const single = new CLASSES[name]([alone]);
        for (let k = 0; k < 3; k++) {
          empty.grad = [];
          full.grad = [1, -2, 3, k];
          alone.grad = [1, -2, 3, k];
          step(together);
          step(single);
        }
        expect(full.data).toEqual(alone.data);
        expect(together.state_dict()).toEqual(JSON.parse(JSON.stringify(together.state_dict())));
        expect(() => together.load_state_dict(together.state_dict())).not.toThrow();
      }
    }
  });
});

test.each(
  PER_PARAMETER,
)("%s refuses a closure that returns a promise, and nothing moves", (name) => {
  const run = start(name);
  const message = `${name}: closure must return the loss, got a promise of it`;
  const thenable = new Proxy({}, { get: () => () => {} });
  for (const promise of [Promise.resolve(1), thenable]) {
    expect_refusal(run, TypeError, message, () => run.optimizer.step(() => promise));
  }
});

test("a beta that was set to 1 is refused, by whomever it was set", () => {
  for (const name of ["Adam", "AdamW", "NAdam", "RAdam", "Adamax"]) {
    const run = start(name);
    step(run.optimizer);
    (run.optimizer.param_groups[0].betas as [number, number])[0] = 1;
    const message =
      "betas of parameter group 0 must be two numbers from 0 to below 1, got [1, 0.999]";
    expect_refusal(run, RangeError, `${name}: ${message}`);
  }
});

test("a momentum above 1 is SGD's own business, as in PyTorch", () => {
  const { optimizer, first } = start("SGD");
  Object.assign(optimizer.param_groups[0], { lr: 1, momentum: 2 });
  step(optimizer);
  step(optimizer);
  expect([...first.data]).toEqual([1 - 1 - 3, 2 - 1 - 3, 3 - 1 - 3]);
});

test("a parameter whose data have no length any more when it is added is refused", () => {
  const sent = { data: detached(new Float32Array(3)), grad: null };
  expect(() => new torch.optim.SGD([sent])).toThrow(
    "SGD: data of parameter 0 of group 0 stands in a buffer that was transferred",
  );
});

test("the second of two groups is checked before the first has moved", () => {
  const params = [new torch.Parameter([1]), new torch.Parameter([2])];
  const optimizer = new torch.optim.SGD(params.map((param) => ({ params: [param] })));
  for (const param of params) param.grad = [1];
  optimizer.param_groups[1].weight_decay = -1;
  expect(() => optimizer.step()).toThrow(
    "SGD: weight_decay of parameter group 1 must be a finite number of at least 0, got -1",
  );
  expect(params[0].data[0]).toBe(1);
  expect(optimizer.stepped).toBe(false);
});
