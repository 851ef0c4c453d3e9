import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as torch from "../../src/index.ts";

type Torch = typeof torch;

/** A few steps of an optimizer from random values, on parameters that `make` makes of them. */
function run<P extends torch.ParameterLike>(
  { optim }: Torch,
  { name, options }: Setup,
  sizes: readonly number[],
  make: (data: Float32Array) => P,
): P[] {
  const params = sizes.map((size, p) => make(Float32Array.from({ length: size }, noise(p))));
  const classes = optim as unknown as Record<
    string,
    new (
      p: P[],
      o: object,
    ) => torch.optim.Optimizer
  >;
  const optimizer = new classes[name](params, options);
  for (let step = 1; step <= 5; step++) {
    for (const [p, param] of params.entries()) {
      param.grad = Float32Array.from({ length: sizes[p] }, noise(17 * step + p));
    }
    optimizer.step();
  }
  return params;
}

/** Numbers between -1 and 1 without a pattern. */
function noise(seed: number): (_: unknown, i: number) => number {
  return (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 2 * (x - Math.floor(x)) - 1;
  };
}

interface Setup {
  readonly name: string;
  readonly options: object;
}

const lr = fc.double({ min: 1e-3, max: 0.1, noNaN: true });
const weight_decay = fc.constantFrom(0, 0.05);
const flag = fc.boolean();
const OPTIONS: Record<string, fc.Arbitrary<object>> = {
  SGD: fc.record({
    lr,
    weight_decay,
    maximize: flag,
    momentum: fc.constantFrom(0, 0.9),
    dampening: fc.constantFrom(0, 0.3),
  }),
  Adam: fc.record({ lr, weight_decay, maximize: flag, amsgrad: flag }),
  AdamW: fc.record({ lr, weight_decay, maximize: flag, amsgrad: flag }),
  NAdam: fc.record({ lr, weight_decay, maximize: flag, decoupled_weight_decay: flag }),
  RAdam: fc.record({ lr, weight_decay, maximize: flag, decoupled_weight_decay: flag }),
  Adamax: fc.record({ lr, weight_decay, maximize: flag }),
  Adagrad: fc.record({ lr, weight_decay, maximize: flag, lr_decay: fc.constantFrom(0, 0.1) }),
  Adadelta: fc.record({ lr, weight_decay, maximize: flag }),
  RMSprop: fc.record({
    lr,
    weight_decay,
    maximize: flag,
    centered: flag,
    momentum: fc.constantFrom(0, 0.9),
  }),
  Rprop: fc.record({ lr, maximize: flag }),
  Adafactor: fc.record({ lr, weight_decay, maximize: flag }),
  ASGD: fc.record({ lr, weight_decay, maximize: flag, t0: fc.constantFrom(1, 3, 1e6) }),
};

const setups = fc
  .constantFrom(...Object.keys(OPTIONS))
  .chain((name) => OPTIONS[name].map((options): Setup => ({ name, options })));
const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 });

const as_parameter = (data: Float32Array) => new torch.Parameter(data);
const as_plain = (data: Float32Array): torch.ParameterLike => ({ data, grad: null });

function expect_alike(
  some: readonly torch.ParameterLike[],
  others: readonly torch.ParameterLike[],
) {
  const largest = Math.max(1, ...some.flatMap(({ data }) => [...data].map(Math.abs)));
  for (const [p, { data }] of some.entries()) {
    for (const [i, value] of data.entries()) {
      expect(Math.abs(value - others[p].data[i])).toBeLessThanOrEqual(2e-6 * largest);
    }
  }
}

/** WebAssembly's own parts, which are no enumerable properties. */
function engine() {
  const { Module, Instance, Memory } = WebAssembly;
  return { Module, Instance, Memory };
}

function refuse(error: ErrorConstructor): () => never {
  return function refused(): never {
    throw new error("refused");
  };
}

/** A WebAssembly that refuses some modules. */
function refusing(is_refused: (bytes: Uint8Array<ArrayBuffer>) => boolean) {
  const { Module } = WebAssembly;
  function compile(bytes: Uint8Array<ArrayBuffer>) {
    if (is_refused(bytes)) throw new EvalError("refused");
    return new Module(bytes);
  }
  return { ...engine(), Module: compile };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("compiled kernels", () => {
  test("give the plain loop's numbers, at any size", () => {
    fc.assert(
      fc.property(setups, sizes, (setup, sizes) => {
        expect_alike(run(torch, setup, sizes, as_parameter), run(torch, setup, sizes, as_plain));
      }),
      { numRuns: 1000 },
    );
  });

  test.each<[string, () => object | undefined]>([
    ["without WebAssembly", () => undefined],
    ["whose page forbids WebAssembly", () => refusing(() => true)],
    ["that compiles no module of a kernel's size", () => refusing((bytes) => bytes.length > 1000)],
    ["without memory left for it", () => ({ ...engine(), Memory: refuse(RangeError) })],
  ])("are not needed: an engine %s gives the same", async (_, make_engine) => {
    vi.stubGlobal("WebAssembly", make_engine());
    vi.resetModules();
    const without = await import("../../src/index.ts");
    const make = (data: Float32Array) => new without.Parameter(data);
    for (const [name, arbitrary] of Object.entries(OPTIONS)) {
      for (const options of fc.sample(arbitrary, 5)) {
        const setup = { name, options };
        expect_alike(run(without, setup, [5, 33], make), run(torch, setup, [5, 33], as_plain));
      }
    }
  });

  test("give the plain loop's numbers for a parameter with memory of its own", () => {
    const setup = { name: "AdamW", options: { lr: 0.01 } };
    const [whole] = run(torch, setup, [700_001], as_parameter);
    const [plain] = run(torch, setup, [700_001], as_plain);
    let worst = 0;
    for (const [i, value] of whole.data.entries()) {
      worst = Math.max(worst, Math.abs(value - plain.data[i]));
    }
    expect(worst).toBeLessThanOrEqual(2e-6);
  });
});
