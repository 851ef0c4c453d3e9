import { type Device, defaultDevice, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { CosineAnnealingLR } from "torch-optim/lr_scheduler";
import { adamw, chain, clip_by_global_norm, inject } from "../../src/index.ts";

type Weights = { w1: np.Array; b1: np.Array; w2: np.Array; b2: np.Array };

const STEPS = 20;

function loss({ w1, b1, w2, b2 }: Weights, x: np.Array, y: np.Array): np.Array {
  const hidden = nn.relu(np.dot(x, w1).add(b1));
  return np.mean(np.square(np.dot(hidden, w2).add(b2).sub(y)));
}

function matrix(rows: number, columns: number): np.Array {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(3 * i + 1));
  return np.array(values, { shape: [rows, columns] });
}

/** A small model, trained by 20 steps of AdamW under a schedule on a device: its weights, and its traces. */
export async function trained(device: Device): Promise<{ weights: number[]; traces: number }> {
  defaultDevice(device);
  const adam = adamw({ lr: 0.05 });
  const scheduler = new CosineAnnealingLR(adam, { T_max: STEPS });
  const solver = chain(clip_by_global_norm(1), inject(adam, scheduler));
  let traces = 0;
  const step = jit(
    (weights: Weights, state: ReturnType<typeof solver.init>, x: np.Array, y: np.Array) => {
      traces++;
      const [value, grads] = valueAndGrad(loss)(tree.ref(weights), x, y);
      value.dispose();
      const [updates, next] = solver.update(grads, state, tree.ref(weights));
      const moved = tree.map((w: np.Array, u: np.Array) => np.add(w, u), weights, updates);
      return [moved, next] as [Weights, typeof state];
    },
  );
  let weights: Weights = {
    w1: matrix(2, 8),
    b1: np.zeros([8]),
    w2: matrix(8, 1),
    b2: np.zeros([1]),
  };
  let state = solver.init(tree.ref(weights));
  for (let k = 0; k < STEPS; k++) {
    [weights, state] = step(weights, state, matrix(16, 2), matrix(16, 1));
    state = solver.advance(state);
  }
  tree.dispose(state);
  const { w1, b1, w2, b2 } = weights;
  const values = await Promise.all([w1, b1, w2, b2].map((each) => each.data()));
  return {
    weights: values.flatMap((list: ArrayLike<number> & Iterable<number>) => [...list]),
    traces,
  };
}
