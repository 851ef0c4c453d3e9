import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import {
  as_parameter,
  clip,
  clippings,
  expect_same_bits,
  type Keeping,
  noise,
  OPTIMIZERS,
  run,
  updates_by,
} from "../support/updates.ts";

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
    fc.property(updates_by(name), (drawn) => {
      // No state that has become infinite is taken up.
      const update = { ...drawn, special: drawn.special.filter((x) => Math.abs(x) < 1) };
      const whole = run(torch, as_parameter, update);
      expect_same_bits(run(torch, as_parameter, update, [2, 3, 4, 5]), whole);
    }),
    { numRuns: 30 },
  );
});
