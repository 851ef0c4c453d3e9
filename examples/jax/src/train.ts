import { jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { DIGITS, type Images, PIXELS, type Split, take } from "digits/images";
import { from_spec, parse_spec } from "torch-optim/lr_scheduler";
import { adamw, chain, clip_by_global_norm, inject } from "torch-optim-jax";

const BATCH = 64;
const HIDDEN = 64;
export const EPOCHS = 20;

/** What is said of an epoch: the lr that it ended with, and the share of held-out images recognised. */
export interface Epoch {
  readonly lr: number;
  readonly accuracy: number;
}

type Weights = { w1: np.Array; b1: np.Array; w2: np.Array; b2: np.Array };

function logits({ w1, b1, w2, b2 }: Weights, x: np.Array): np.Array {
  return np.dot(nn.relu(np.dot(x, w1).add(b1)), w2).add(b2);
}

function crossEntropy(weights: Weights, x: np.Array, digits: np.Array): np.Array {
  const right = nn.logSoftmax(logits(weights, x)).mul(nn.oneHot(digits, DIGITS));
  return np.mean(np.sum(right, -1)).mul(-1);
}

/** A matrix between ±1/√rows. */
function weight(rows: number, columns: number): np.Array {
  const bound = 1 / Math.sqrt(rows);
  const values = Float32Array.from({ length: rows * columns }, (_, i) => bound * Math.sin(i * i));
  return np.array(values, { shape: [rows, columns] });
}

function toJax({ pixels, digits }: Images): [np.Array, np.Array] {
  return [np.array(pixels, { shape: [digits.length, PIXELS] }), np.array(digits)];
}

/**
 * Trains a classifier of handwritten digits by AdamW under a schedule, a step of which is a batch, and tells
 * of every epoch.
 */
export async function train(
  { train, heldOut }: Split,
  told: (epoch: Epoch) => void = () => {},
): Promise<void> {
  const batches = Math.floor(train.digits.length / BATCH);
  const spec = `linear:${3 * batches}(start_factor=0.1) > cosine:${(EPOCHS - 3) * batches}`;
  const adam = adamw({ lr: 0.01 });
  const solver = chain(clip_by_global_norm(1), inject(adam, from_spec(adam, parse_spec(spec))));
  const step = jit(
    (weights: Weights, state: ReturnType<typeof solver.init>, x: np.Array, digits: np.Array) => {
      const [loss, grads] = valueAndGrad(crossEntropy)(tree.ref(weights), x, digits);
      const [updates, next] = solver.update(grads, state, tree.ref(weights));
      const moved = tree.map((w: np.Array, u: np.Array) => np.add(w, u), weights, updates);
      return [moved, next, loss] as [Weights, typeof state, np.Array];
    },
  );
  const classify = jit((weights: Weights, x: np.Array) => np.argmax(logits(weights, x), -1));
  let weights: Weights = {
    w1: weight(PIXELS, HIDDEN),
    b1: np.zeros([HIDDEN]),
    w2: weight(HIDDEN, DIGITS),
    b2: np.zeros([DIGITS]),
  };
  let state = solver.init(tree.ref(weights));
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    let lr = 0;
    for (let batch = 0; batch < batches; batch++) {
      const indices = Array.from({ length: BATCH }, (_, i) => batch * BATCH + i);
      let loss: np.Array;
      [weights, state, loss] = step(weights, state, ...toJax(take(train, indices)));
      loss.dispose();
      [{ lr }] = adam.param_groups;
      state = solver.advance(state);
    }
    const [x, digits] = toJax(heldOut);
    digits.dispose();
    const guesses = await classify(tree.ref(weights), x).data();
    const right = heldOut.digits.filter((digit, i) => digit === guesses[i]).length;
    told({ lr, accuracy: right / heldOut.digits.length });
  }
  tree.dispose(weights);
  tree.dispose(state);
}
