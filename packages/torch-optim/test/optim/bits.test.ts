import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as torch from "../../src/index.ts";
import {
  clip,
  clippings,
  type Keeping,
  noise,
  OPTIMIZERS,
  run,
  type Torch,
  updates_by,
} from "../support/updates.ts";

const as_parameter: Keeping = {
  make: ({ Parameter }, data, shape) => new Parameter(data, shape),
  give_grad: (param, grad) => {
    param.grad = grad;
  },
};

/** Other ways to keep the same numbers. */
const KEEPINGS: readonly [string, Keeping][] = [
  [
    "arrays of the user's own",
    {
      make: (_, data, shape) => ({ data, shape, grad: null }),
      give_grad: (param, grad) => {
        param.grad = Float32Array.from(grad);
      },
    },
  ],
  [
    "an array of the user's own, its gradients in lists",
    {
      make: (_, data, shape) => ({ data, shape, grad: null }),
      give_grad: (param, grad) => {
        param.grad = [...grad];
      },
    },
  ],
  [
    "an array of the user's own, its gradients in float64",
    { ...as_parameter, make: (_, data, shape) => ({ data, shape, grad: null }) },
  ],
  [
    "a parameter that has had many optimizers",
    {
      ...as_parameter,
      make: (library, data, shape) => {
        const param = new library.Parameter(data, shape);
        param.grad = new Float32Array(data.length).fill(1);
        for (let k = 0; k < 4; k++) new library.optim.AdamW([param], { amsgrad: true }).step();
        param.data.set(data);
        return param;
      },
    },
  ],
];

/** Any NaN equals any NaN; 0 and -0 differ. */
function expect_same_bits(actual: ReturnType<typeof run>, expected: ReturnType<typeof run>): void {
  for (const [p, values] of expected.data.entries()) {
    const i = values.findIndex((x, k) => !Object.is(x, actual.data[p][k]));
    expect(i < 0 ? "" : `${actual.data[p][i]} and not ${values[i]} at ${i} of ${p}`).toBe("");
  }
  expect(actual.state).toEqual(expected.state);
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

describe.each(OPTIMIZERS)("%s gives the bits of a parameter by itself in WebAssembly", (name) => {
  test.each(KEEPINGS)("for %s", (_, keeping) => {
    fc.assert(
      fc.property(updates_by(name), (update) => {
        expect_same_bits(run(torch, keeping, update), run(torch, as_parameter, update));
      }),
      { numRuns: 30 },
    );
  });
});

test("gradients are clipped to the same bits wherever they stand", () => {
  const [[, own_arrays]] = KEEPINGS;
  fc.assert(
    fc.property(clippings, (clipping) => {
      expect(clip(torch, own_arrays, clipping)).toEqual(clip(torch, as_parameter, clipping));
    }),
  );
});

test("a parameter with a memory of its own is updated to the same bits", () => {
  const [start, grad] = [1, 2].map((seed) => Float32Array.from(noise(600_001, seed)));
  const own = { data: start.slice(), grad };
  const param = new torch.Parameter(start);
  param.grad = grad;
  for (const each of [own, param]) {
    const optimizer = new torch.optim.AdamW([each]);
    for (let step = 0; step < 3; step++) optimizer.step();
  }
  expect(param.data.every((x, i) => x === own.data[i] && x !== start[i])).toBe(true);
});

test.each(OPTIMIZERS)("%s goes on to the same bits, however often it is resumed", (name) => {
  fc.assert(
    fc.property(updates_by(name), (update) => {
      const whole = run(torch, as_parameter, update);
      expect_same_bits(run(torch, as_parameter, update, [2, 3, 4, 5]), whole);
    }),
    { numRuns: 30 },
  );
});

describe("an engine", () => {
  test.each<[string, () => object | undefined]>([
    ["without WebAssembly", () => undefined],
    ["whose page forbids WebAssembly", () => refusing(() => true)],
    ["that compiles no module of a kernel's size", () => refusing((bytes) => bytes.length > 500)],
    ["that puts no module to work", () => ({ ...engine(), Instance: refuse(RangeError) })],
    ["without memory left for it", () => ({ ...engine(), Memory: refuse(RangeError) })],
  ])("%s gives the same bits, and says that it has no compiled kernels", async (_, make_engine) => {
    const updates = fc.sample(fc.constantFrom(...OPTIMIZERS).chain(updates_by), 120);
    const expected = updates.map((update) => run(torch, as_parameter, update));
    const clipped = fc.sample(clippings, 100);
    const gradients = clipped.map((clipping) => clip(torch, as_parameter, clipping));
    vi.stubGlobal("WebAssembly", make_engine());
    vi.resetModules();
    const without: Torch = await import("../../src/index.ts");
    for (const [k, update] of updates.entries()) {
      expect_same_bits(run(without, as_parameter, update), expected[k]);
    }
    for (const [k, clipping] of clipped.entries()) {
      expect(clip(without, as_parameter, clipping)).toEqual(gradients[k]);
    }
    expect(without.optim.uses_compiled_kernels()).toBe(false);
    expect(torch.optim.uses_compiled_kernels()).toBe(true);
  });
});
