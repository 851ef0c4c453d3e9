// Before jax-js, which it is for.
import "digits/navigator";
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { adam } from "torch-optim-jax";
import { inTurns, wallSeconds } from "../measure.ts";
import { noise } from "../optimizers/workload.ts";
import { BATCH, type Beside, HIDDEN, LR, PARAMETERS } from "./work.ts";

type Params = { [name: string]: np.Array };
type Step = (params: Params, state: Params, ...batch: np.Array[]) => [Params, Params];
/** The gradients of a step, which uses up a reference of all that it is given. */
type Gradients = (params: Params, ...batch: np.Array[]) => Params;
type Side = (
  gradients: Gradients,
  params: Params,
  batch: () => np.Array[],
) => () => Promise<number>;

const BETA1 = 0.9;
const BETA2 = 0.999;

/** Adam in jax-js, by hand and by our transformation, each in one traced function. */
export async function inJax(rounds: number): Promise<Beside[]> {
  await init("wasm");
  defaultDevice("wasm");
  const where = "jax-js, wasm";
  const update = [(params: Params) => params, () => ({ w: random(PARAMETERS) }), () => []] as const;
  const digits = [gradients_of_digits, digit_weights, digit_batch] as const;
  const measured: Beside[] = [];
  for (const [work, [gradients, params, batch]] of Object.entries({ update, digits })) {
    const side = (make: Side) => make(gradients, params(), batch);
    const times = await inTurns({ theirs: side(by_hand), ours: side(by_ours) }, rounds);
    measured.push({ where, work: work as Beside["work"], ...times });
  }
  return measured;
}

function random(...shape: number[]): np.Array {
  const values = noise(shape.reduce((product, n) => product * n, 1));
  return np.array(values, { shape });
}

function digit_weights(): Params {
  return {
    w1: random(64, HIDDEN),
    b1: random(HIDDEN),
    w2: random(HIDDEN, 10),
    b2: random(10),
  };
}

function digit_batch(): np.Array[] {
  return [random(BATCH, 64), np.array(Int32Array.from({ length: BATCH }, (_, i) => i % 10))];
}

function gradients_of_digits(params: Params, x: np.Array, digits: np.Array): Params {
  const loss = ({ w1, b1, w2, b2 }: Params, images: np.Array, wanted: np.Array) => {
    const logits = np.dot(nn.relu(np.dot(images, w1).add(b1)), w2).add(b2);
    const right = nn.logSoftmax(logits).mul(nn.oneHot(wanted, 10));
    return np.mean(np.sum(right, -1)).mul(-1);
  };
  const [value, gradients] = valueAndGrad(loss)(params, x, digits);
  value.dispose();
  return gradients as Params;
}

/** Runs a traced step, and reads one number of what came out. */
function timed(
  step: Step,
  first: [Params, Params],
  batch: () => np.Array[],
  ahead = (s: Params) => s,
) {
  let [params, state] = first;
  return () =>
    wallSeconds(async () => {
      [params, state] = step(params, state, ...batch());
      state = ahead(state);
      const [last] = Object.values(params).slice(-1);
      await last.ref.data();
    });
}

/** Textbook Adam in jax-js's operations. */
function by_hand(gradients: Gradients, params: Params, batch: () => np.Array[]) {
  const zeros = () => tree.map((x: np.Array) => np.zeros(x.shape), tree.ref(params)) as Params;
  const moments: Record<string, np.Array> = { t: np.array(0) };
  for (const [key, zero] of Object.entries(zeros())) moments[`m_${key}`] = zero;
  for (const [key, zero] of Object.entries(zeros())) moments[`v_${key}`] = zero;
  const plain: Step = (now, { t, ...state }, ...images) => {
    const grads = gradients(tree.ref(now) as Params, ...images);
    const step = np.add(t, 1);
    const moved: Params = {};
    const next: Params = {};
    for (const [key, x] of Object.entries(now)) {
      const g = grads[key];
      const m = state[`m_${key}`].mul(BETA1).add(g.ref.mul(1 - BETA1));
      const v = state[`v_${key}`].mul(BETA2).add(np.square(g).mul(1 - BETA2));
      const correct = (beta: number) => np.subtract(1, np.exp(step.ref.mul(Math.log(beta))));
      const root = np.sqrt(v.ref.div(correct(BETA2))).add(1e-8);
      moved[key] = x.sub(m.ref.div(correct(BETA1)).div(root).mul(LR));
      next[`m_${key}`] = m;
      next[`v_${key}`] = v;
    }
    return [moved, { t: step, ...next }];
  };
  return timed(jit(plain as never) as unknown as Step, [params, moments], batch);
}

/** `adam` of torch-optim-jax. */
function by_ours(gradients: Gradients, params: Params, batch: () => np.Array[]) {
  const solver = adam({ lr: LR });
  const plain = (now: Params, state: ReturnType<typeof solver.init>, ...images: np.Array[]) => {
    const grads = gradients(tree.ref(now) as Params, ...images);
    const [updates, next] = solver.update(grads, state, tree.ref(now) as Params);
    return [tree.map((x: np.Array, u: np.Array) => np.add(x, u), now, updates), next];
  };
  const first = [params, solver.init(tree.ref(params) as Params)] as unknown as [Params, Params];
  const step = jit(plain as never) as unknown as Step;
  return timed(step, first, batch, (state) => solver.advance(state as never) as never);
}
