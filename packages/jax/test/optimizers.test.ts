import "../../../examples/digits/src/navigator.ts";
import { defaultDevice, init, type JsTree, jit, numpy as np, tree } from "@jax-js/jax";
import * as library from "torch-optim";
import { ExponentialLR, StepLR } from "torch-optim/lr_scheduler";
import { beforeAll, describe, expect, test } from "vitest";
import * as torch from "../src/index.ts";
import { DRAWN, difference, STEPS } from "./support/drawn.ts";

beforeAll(async () => {
  await init("wasm");
  defaultDevice("wasm");
});

/** The products of Muon are those of jax-js. */
const TOLERANCE: Readonly<Record<string, number>> = { muon: 5e-3 };

describe.each([
  ["under jit", true],
  ["step by step", false],
])("%s", (_, is_traced) => {
  for (const { name, make, cases } of DRAWN) {
    test(`${name} gives PyTorch's numbers`, async () => {
      // Each is compiled anew, which takes its time.
      for (const drawn of is_traced ? cases.slice(-2) : cases) {
        const found = await difference(make, drawn, is_traced);
        expect(found.difference, JSON.stringify(drawn.options)).toBeLessThan(
          TOLERANCE[name] ?? 3e-6,
        );
        expect(found.traces).toBe(is_traced ? 1 : STEPS);
      }
    });
  }
});

type Params = { layers: { weight: np.Array; bias: np.Array }[] };
const VALUES = { weight: [1, -2, 3, 4], bias: [0.5, -0.5] };
const params = (): Params => ({
  layers: [{ weight: np.array(VALUES.weight), bias: np.array(VALUES.bias) }],
});
const numbers = ({ layers: [{ weight, bias }] }: Params) => [
  Array.from(weight.dataSync()),
  Array.from(bias.dataSync()),
];

/** Takes steps in the direction of the parameters themselves; gives where they lead. */
function descend(
  solver: torch.GradientTransformation,
  steps: number,
  is_traced = false,
): unknown[][] {
  const plain = (now: Params, state: JsTree<np.Array>) => {
    const [updates, next] = solver.update(tree.ref(now), state, tree.ref(now));
    const moved = tree.map(
      (x: np.Array, y: np.Array) => np.add(x, y),
      now as never,
      updates as never,
    );
    return [moved, next];
  };
  const step = (is_traced ? jit(plain as never) : plain) as unknown as (
    now: Params,
    state: JsTree<np.Array>,
  ) => [Params, JsTree<np.Array>];
  let now = params();
  let state = solver.init(tree.ref(now as never));
  for (let k = 0; k < steps; k++) {
    [now, state] = step(now, state);
    state = solver.advance?.(state) ?? state;
  }
  tree.dispose(state);
  return numbers(now);
}

/** The same by the library. */
function expected(
  steps: number,
  make: (all: library.Parameter[]) => library.optim.Optimizer,
  before: (all: library.Parameter[], optimizer: library.optim.Optimizer) => void = () => {},
): unknown[][] {
  const all = [VALUES.weight, VALUES.bias].map(
    (row) => new library.Parameter(Float32Array.from(row)),
  );
  const optimizer = make(all);
  for (let k = 0; k < steps; k++) {
    for (const param of all) param.grad = param.data;
    before(all, optimizer);
    optimizer.step();
  }
  return all.map(({ data }) => Array.from(data, (x) => expect.closeTo(x, 5)));
}

const { AdamW, SGD } = library.optim;

describe("transformations", () => {
  test("are chained behind a clipping", () => {
    const solver = torch.chain(torch.clip_by_global_norm(1), torch.sgd({ lr: 0.5 }));
    const clip = (all: library.Parameter[]) => {
      library.nn.utils.clip_grad_norm_(all, 1);
    };
    for (const is_traced of [true, false]) {
      expect(descend(solver, 4, is_traced)).toEqual(
        expected(4, (all) => new SGD(all, { lr: 0.5 }), clip),
      );
    }
  });

  test("are masked by paths, as optax masks", () => {
    const solver = torch.chain(
      torch.masked(torch.adamw({ lr: 0.1, weight_decay: 0 }), /bias/),
      torch.masked(
        torch.adamw({ lr: 0.1, weight_decay: 0.5 }),
        (path) => path === "layers.0.weight",
      ),
    );
    const groups = (all: library.Parameter[]) => [
      { params: [all[0]] },
      { params: [all[1]], weight_decay: 0 },
    ];
    const wanted = expected(4, (all) => new AdamW(groups(all), { lr: 0.1, weight_decay: 0.5 }));
    for (const is_traced of [true, false]) expect(descend(solver, 4, is_traced)).toEqual(wanted);
  });

  test("follow a scheduler that is injected, under jit too", () => {
    for (const is_traced of [true, false]) {
      const own = torch.adamw({ lr: 0.1 });
      const solver = torch.inject(own, new ExponentialLR(own, { gamma: 0.5 }));
      const decays = new WeakMap<object, library.optim.LRScheduler>();
      const wanted = expected(
        5,
        (all) => new AdamW(all, { lr: 0.1 }),
        (_, optimizer) => {
          const scheduler = decays.get(optimizer);
          if (scheduler) scheduler.step();
          else decays.set(optimizer, new ExponentialLR(optimizer, { gamma: 0.5 }));
        },
      );
      expect(descend(solver, 5, is_traced)).toEqual(wanted);
    }
  });

  test("of optax's form are injected with a scheduler by their updates", () => {
    // What optax.sgd(1) is.
    const theirs: torch.GradientTransformation<np.Array[]> = {
      init(all) {
        tree.dispose(all);
        return [];
      },
      update(grads, state, all) {
        tree.dispose(all);
        return [tree.map((g: np.Array) => np.negative(g), grads as never) as typeof grads, state];
      },
    };
    const scheduler = new StepLR({ param_groups: [{ lr: 0.5 }] }, { step_size: 2, gamma: 0.1 });
    const solver = torch.inject(theirs, scheduler);
    let steps = 0;
    expect(descend(solver, 4, true)).toEqual(
      expected(
        4,
        (all) => new SGD(all, { lr: 0.5 }),
        (_, optimizer) => {
          optimizer.param_groups[0].lr = steps++ < 2 ? 0.5 : 0.05;
        },
      ),
    );
  });

  test("leave no arrays behind over many steps, and none that was freed is used", () => {
    const solver = torch.chain(torch.clip_by_global_norm(1), torch.adamw({ lr: 1e-3 }));
    let now = params();
    let state = solver.init(tree.ref(now as never));
    const held = () =>
      tree.leaves([now, state] as never).map((each) => (each as np.Array).refCount);
    for (let k = 0; k < 50; k++) {
      const grads = tree.ref(now as never);
      const [updates, next] = solver.update(grads, state, tree.ref(now as never));
      now = tree.map((x: np.Array, y: np.Array) => np.add(x, y), now as never, updates) as never;
      state = solver.advance(next);
      expect(new Set(held())).toEqual(new Set([1]));
    }
  });

  test("refuse an update that no advance has prepared", () => {
    const solver = torch.adamw();
    const step = jit(((now: np.Array, state: torch.TorchState) => {
      const [[update], next] = solver.update([now.ref], state, [now.ref]);
      return [np.add(now, update), next];
    }) as never) as unknown as (
      now: np.Array,
      state: torch.TorchState,
    ) => [np.Array, torch.TorchState];
    let now = np.array([1, 2]);
    let state = solver.init([now.ref]);
    [now, state] = step(now, state);
    [now, state] = step(now, state);
    expect(() => solver.advance(state)).toThrow(
      "AdamW: advance must be called once for each update, got 2 updates with 1 sets of scalars",
    );
  });

  test("need no advance where nothing is traced", () => {
    const solver = torch.adamw({ lr: 0.1 });
    let now = params();
    let state = solver.init(tree.ref(now as never));
    for (let k = 0; k < 4; k++) {
      const [updates, next] = solver.update(tree.ref(now), state, tree.ref(now));
      now = tree.map(
        (x: np.Array, y: np.Array) => np.add(x, y),
        now as never,
        updates as never,
      ) as never;
      state = next;
    }
    expect(numbers(now)).toEqual(expected(4, (all) => new AdamW(all, { lr: 0.1 })));
  });

  test("refuse options in the library's sentences", () => {
    expect(() => torch.adamw({ lr: -1 })).toThrow(
      "AdamW: lr must be a finite number of at least 0",
    );
    expect(() => torch.clip_by_global_norm(-1)).toThrow("max_norm must be a number of at least 0");
  });
});
