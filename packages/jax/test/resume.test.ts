import "../../../examples/digits/src/navigator.ts";
import { defaultDevice, init, type JsTree, jit, numpy as np, tree } from "@jax-js/jax";
import * as library from "torch-optim";
import { CosineAnnealingLR, LinearLR, SequentialLR } from "torch-optim/lr_scheduler";
import { beforeAll, describe, expect, test } from "vitest";
import * as torch from "../src/index.ts";
import { DRAWN } from "./support/drawn.ts";

beforeAll(async () => {
  await init("wasm");
  defaultDevice("wasm");
});

type Params = { weight: np.Array; bias: np.Array };
const START = { weight: [1, -2, 3, 4, 0.5, 2], bias: [0.5, -0.5, 1] };
const SHAPES = { weight: [3, 2], bias: [3, 1] };

const params_of = (values: { weight: ArrayLike<number>; bias: ArrayLike<number> }): Params => ({
  weight: np.array(Float32Array.from(values.weight), { shape: SHAPES.weight }),
  bias: np.array(Float32Array.from(values.bias), { shape: SHAPES.bias }),
});

const values_of = ({ weight, bias }: Params) => ({
  weight: Array.from<number>(weight.ref.dataSync()),
  bias: Array.from<number>(bias.ref.dataSync()),
});

/** A whole training: a clipping, the transformation, and a schedule of two phases. */
function solver_of(make: (options: never) => torch.TorchTransformation, options: object) {
  const own = make(options as never);
  const scheduler = new SequentialLR(own, {
    schedulers: [new LinearLR(own, { total_iters: 4 }), new CosineAnnealingLR(own, { T_max: 8 })],
    milestones: [4],
  });
  return torch.chain(torch.clip_by_global_norm(1), torch.inject(own, scheduler));
}

type Solver = ReturnType<typeof solver_of>;
type State = ReturnType<Solver["init"]>;

/** Takes steps in the direction of the parameters themselves. */
function descend(solver: Solver, now: Params, state: State, steps: number, is_traced: boolean) {
  const plain = (params: Params, own: State) => {
    const [updates, next] = solver.update(tree.ref(params), own, tree.ref(params));
    return [tree.map((x: np.Array, u: np.Array) => np.add(x, u), params, updates), next];
  };
  const step = (is_traced ? jit(plain as never) : plain) as (
    p: Params,
    s: State,
  ) => [Params, State];
  for (let k = 0; k < steps; k++) {
    [now, state] = step(now, state);
    state = solver.advance(state);
  }
  return { now, state };
}

describe.each([
  ["under jit", true],
  ["step by step", false],
])("%s", (_, is_traced) => {
  for (const { name, make, cases } of DRAWN) {
    test(`${name} goes on from JSON as if nothing had happened`, async () => {
      // The last of them has the most options.
      const { options } = cases[cases.length - 1];
      const whole = solver_of(make, options);
      const first = params_of(START);
      const half = descend(whole, first, whole.init(tree.ref(first)), 5, is_traced);
      const saved = JSON.stringify(await whole.state_dict(half.state));
      const values = values_of(half.now);
      const end = descend(whole, half.now, half.state, 5, is_traced);

      const again = solver_of(make, options);
      const resumed = params_of(values);
      const state = again.load_state_dict(JSON.parse(saved), tree.ref(resumed));
      expect(JSON.stringify(await again.state_dict(state))).toBe(saved);
      const other = descend(again, resumed, state, 5, is_traced);
      expect(values_of(other.now)).toEqual(values_of(end.now));
    });
  }
});

describe("a state", () => {
  test("is the library's, to and from it", async () => {
    const solver = torch.adamw({ lr: 0.1, amsgrad: true });
    let now = params_of(START);
    let state = solver.init(tree.ref(now));
    const own = [START.weight, START.bias].map(
      (row) => new library.Parameter(new Float32Array(row)),
    );
    const optimizer = new library.optim.AdamW(own, { lr: 0.1, amsgrad: true });
    for (let k = 0; k < 3; k++) {
      const [updates, next] = solver.update(tree.ref(now), state, tree.ref(now));
      now = tree.map((x: np.Array, u: np.Array) => np.add(x, u), now, updates) as Params;
      state = solver.advance(next);
      for (const param of own) param.grad = param.data;
      optimizer.step();
    }
    const saved = await solver.state_dict(state);
    const wanted = optimizer.state_dict();
    expect(saved.param_groups).toEqual(wanted.param_groups);
    for (const index of [0, 1]) {
      expect(Object.keys(saved.state[index])).toEqual(Object.keys(wanted.state[index]));
      for (const [key, entry] of Object.entries(wanted.state[index])) {
        const numbers = [entry].flat().map((x) => expect.closeTo(Number(x), 6));
        expect([saved.state[index][key]].flat()).toEqual(numbers);
      }
    }
    new library.optim.AdamW(own, { lr: 0.1, amsgrad: true }).load_state_dict(saved);
    const taken = solver.load_state_dict(saved, params_of(START));
    expect(await solver.state_dict(taken)).toEqual(saved);
  });

  test("before the first step has nothing in it", async () => {
    const solver = torch.adamw();
    const state = solver.init(params_of(START));
    expect((await solver.state_dict(state)).state).toEqual({});
  });

  test("of a transformation of optax's form goes on too", async () => {
    const momentum: torch.GradientTransformation<np.Array[]> = {
      init: (params) => (tree.leaves(params) as np.Array[]).map((each) => np.zeros(each.shape)),
      update(grads, state, params) {
        tree.dispose(params as JsTree<np.Array>);
        const [leaves, structure] = tree.flatten(grads as JsTree<np.Array>);
        const next = leaves.map((g, i) => np.add(np.multiply(state[i], 0.5), g as np.Array));
        const updates = tree.unflatten(
          structure,
          next.map((each) => np.negative(each.ref)),
        );
        return [updates as typeof grads, next];
      },
    };
    const solver = torch.chain(momentum);
    const [, state] = solver.update([np.array([1, 2])], solver.init([np.array([0, 0])]));
    const saved = await solver.state_dict(state);
    expect(saved).toEqual([[[1, 2]]]);
    const loaded = solver.load_state_dict(saved, [np.array([0, 0])]);
    const [[update]] = solver.update([np.array([0, 0])], loaded) as [np.Array[], unknown];
    expect([...update.dataSync()]).toEqual([-0.5, -1]);
    expect(() => solver.load_state_dict([[[1]]], [np.array([0, 0])])).toThrow(
      "state_dict must have lists of 2 numbers, got others",
    );
  });

  test("that is wrong is refused in a sentence, and nothing has changed", async () => {
    const own = torch.sgd({ lr: 0.1, momentum: 0.9 });
    const scheduler = new LinearLR(own, { total_iters: 4 });
    const solver = torch.inject(own, scheduler);
    const first = params_of(START);
    const { state } = descend(torch.chain(solver), first, [solver.init(tree.ref(first))], 2, false);
    const saved = (await solver.state_dict(state[0] as never)) as {
      transformation: { state: Record<string, { momentum_buffer: number[] }> };
      scheduler: object;
    };
    const before = JSON.stringify(scheduler.state_dict());
    const { transformation } = structuredClone(saved);
    transformation.state[0].momentum_buffer.pop();
    const other = {
      transformation,
      scheduler: new LinearLR({ param_groups: [{ lr: 9 }] }).state_dict(),
    };
    expect(() => solver.load_state_dict(other, params_of(START))).toThrow(
      "SGD: state_dict.state[0].momentum_buffer must have 6 values, got 5",
    );
    expect(JSON.stringify(scheduler.state_dict())).toBe(before);
    expect(() => solver.load_state_dict({}, params_of(START))).toThrow(
      "inject: state_dict.scheduler is missing",
    );
    expect(() => torch.chain(solver).load_state_dict([], params_of(START))).toThrow(
      "chain: state_dict must be a list of 1 states",
    );
  });
});
