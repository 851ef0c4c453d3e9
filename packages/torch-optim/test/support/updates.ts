import * as fc from "fast-check";
import { expect } from "vitest";
import type * as torch from "../../src/index.ts";

/** An optimizer with options, and the parameters that it updates in float32. */
export interface Update {
  readonly name: string;
  readonly options: object;
  readonly shapes: readonly (readonly number[])[];
  /** Where the values and gradients come from, and what replaces some of them. */
  readonly seed: number;
  readonly special: readonly number[];
}

type OptimizerClass = new (
  params: readonly torch.ParameterLike[],
  options: object,
) => torch.optim.Optimizer;

const lr = fc.double({ min: 1e-3, max: 0.1, noNaN: true });
const weight_decay = fc.constantFrom(0, 0.05);
const share = fc.constantFrom(0, 0.3, 0.5, 0.9, 0.999);
const betas = fc.tuple(share, share);
const flag = fc.boolean();
const common = { lr, weight_decay, maximize: flag };

const OPTIONS: Record<string, fc.Arbitrary<object>> = {
  SGD: fc.oneof(
    fc.record({ ...common, momentum: fc.constantFrom(0, 0.9), dampening: share }),
    fc.record({ ...common, momentum: fc.constantFrom(0.3, 0.9), nesterov: flag }),
  ),
  Adam: fc.record({ ...common, betas, amsgrad: flag }),
  AdamW: fc.record({ ...common, betas, amsgrad: flag }),
  NAdam: fc.record({ ...common, betas, decoupled_weight_decay: flag }),
  RAdam: fc.record({ ...common, betas, decoupled_weight_decay: flag }),
  Adamax: fc.record({ ...common, betas }),
  Adagrad: fc.record({ ...common, lr_decay: fc.constantFrom(0, 0.1) }),
  Adadelta: fc.record({ ...common, rho: share }),
  RMSprop: fc.record({
    ...common,
    alpha: share,
    centered: flag,
    momentum: fc.constantFrom(0, 0.9),
  }),
  Rprop: fc.record({ lr, maximize: flag }),
  ASGD: fc.record({ ...common, t0: fc.constantFrom(1, 3, 1e6) }),
  Adafactor: fc.record(common),
  Muon: fc.record({ lr, weight_decay, nesterov: flag, momentum: share }),
  LBFGS: fc.record({
    ...{ max_iter: fc.constantFrom(1, 4), history_size: fc.constantFrom(1, 3), maximize: flag },
    line_search_fn: fc.constantFrom("strong_wolfe", null),
  }),
};

export const OPTIMIZERS = Object.keys(OPTIONS);

/** Lengths with every remainder, and such as are copied whole or in pieces. */
const vector = fc.tuple(
  fc.oneof(
    { weight: 6, arbitrary: fc.nat(40) },
    { weight: 1, arbitrary: fc.constantFrom(127, 128, 131, 4095, 4096, 4097, 8195) },
  ),
);
const side = fc.integer({ min: 1, max: 21 });
const matrix = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(side, side) },
  { weight: 1, arbitrary: fc.constantFrom([2, 150], [150, 2], [33, 9], [1, 4100]) },
);
const matrices = fc.tuple(fc.constantFrom(1, 3), side, side);

function shape_for(name: string): fc.Arbitrary<readonly number[]> {
  if (name === "Muon") return matrix;
  return name === "Adafactor" ? fc.oneof(vector, matrix, matrices) : vector;
}

/** Numbers at the ends of what float32 holds. */
const SPECIAL = [0, -0, Number.NaN, Infinity, -Infinity, 1e-45, -1e-40, 1.2e-38, 3.4e38, -1e30];

/** Random updates by an optimizer. */
export function updates_by(name: string): fc.Arbitrary<Update> {
  return fc.record({
    name: fc.constant(name),
    options: OPTIONS[name],
    shapes: fc.array(shape_for(name), { minLength: 1, maxLength: 3 }),
    seed: fc.nat(1e6),
    special: fc.array(fc.constantFrom(...SPECIAL), { maxLength: 2 }),
  });
}

/** Numbers between -1 and 1 without a pattern, in float64; the first few are replaced by others. */
export function noise(length: number, seed: number, special: readonly number[] = []): Float64Array {
  const values = Float64Array.from({ length }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 2 * (x - Math.floor(x)) - 1;
  });
  values.set(special.slice(0, length));
  return values;
}

/** How a float32 parameter is kept, and its gradient. */
export interface Keeping {
  make(torch: Torch, data: Float32Array, shape: readonly number[]): torch.ParameterLike;
  give_grad(param: torch.ParameterLike, grad: Float64Array): void;
}

export type Torch = typeof torch;

/** The way that compiled kernels reach in place. */
export const as_parameter: Keeping = {
  make: ({ Parameter }, data, shape) => new Parameter(data, shape),
  give_grad: (param, grad) => {
    param.grad = grad;
  },
};

const STEPS = 5;

/**
 * Takes a few steps; gives the values of all parameters and the optimizer's state. The steps in
 * `resumed` are begun by a new optimizer, with the state of the one before it.
 */
export function run(
  library: Torch,
  keeping: Keeping,
  { name, options, shapes, seed, special }: Update,
  resumed: readonly number[] = [],
) {
  const params = shapes.map((shape, p) => {
    const size = shape.reduce((product, n) => product * n, 1);
    return keeping.make(library, Float32Array.from(noise(size, seed + p, special)), shape);
  });
  const classes = library.optim as unknown as Record<string, OptimizerClass>;
  let optimizer = new classes[name](params, options);
  for (let step = 1; step <= STEPS; step++) {
    if (resumed.includes(step)) {
      // Not through JSON, which writes -0 as 0.
      const saved = optimizer.state_dict();
      optimizer = new classes[name](params, options);
      optimizer.load_state_dict(saved);
    }
    // Of the values too, so that LBFGS has something to go by.
    optimizer.step(() => {
      for (const [p, param] of params.entries()) {
        const pull = noise(param.data.length, seed + 17 * step + p, special.toReversed());
        keeping.give_grad(
          param,
          pull.map((x, i) => x + param.data[i]),
        );
      }
      return params.flatMap(({ data }) => [...data]).reduce((sum, x) => sum + x * x, 0);
    });
  }
  return { data: params.map(({ data }) => data), state: optimizer.state_dict().state };
}

/** Any NaN equals any NaN; 0 and -0 differ. */
export function expect_same_bits(
  actual: ReturnType<typeof run>,
  expected: ReturnType<typeof run>,
): void {
  for (const [p, values] of expected.data.entries()) {
    const i = values.findIndex((x, k) => !Object.is(x, actual.data[p][k]));
    expect(i < 0 ? "" : `${actual.data[p][i]} and not ${values[i]} at ${i} of ${p}`).toBe("");
  }
  expect(actual.state).toEqual(expected.state);
}

/** Gradients that are clipped, to a norm or to a range. */
export interface Clipping {
  readonly sizes: readonly number[];
  readonly seed: number;
  readonly special: readonly number[];
  /** Of a norm of this order, or of every number. */
  readonly norm_type: number | null;
  readonly limit: number;
}

export const clippings: fc.Arbitrary<Clipping> = fc.record({
  sizes: fc.array(
    vector.map(([size]) => size),
    { maxLength: 3 },
  ),
  seed: fc.nat(1e6),
  special: fc.array(fc.constantFrom(...SPECIAL), { maxLength: 2 }),
  norm_type: fc.constantFrom(null, 1, 2, 3, Infinity),
  limit: fc.double({ min: 0, max: 3, noNaN: true }),
});

/** Clips gradients; gives them and their norm. */
export function clip(library: Torch, keeping: Keeping, clipping: Clipping) {
  const { sizes, seed, special, norm_type, limit } = clipping;
  const params = sizes.map((size, p) => {
    const param = keeping.make(library, new Float32Array(size), [size]);
    keeping.give_grad(param, noise(size, seed + p, special));
    return param;
  });
  const { clip_grad_norm_, clip_grad_value_ } = library.nn.utils;
  const norm =
    norm_type === null
      ? clip_grad_value_(params, limit)
      : clip_grad_norm_(params, limit, { norm_type });
  return { norm, grads: params.map(({ grad }) => grad) };
}
