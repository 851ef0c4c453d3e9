/** The same updates as plain loops over typed arrays, with nothing around them. */

const LR = 1e-3;
const WEIGHT_DECAY = 1e-2;
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPS = 1e-8;
const MOMENTUM = 0.9;

type Update = () => void;

/** AdamW's defaults, on `p` with the gradient `g`. */
export function plainAdamW(p: Float32Array, g: Float32Array): Update {
  const m = new Float32Array(p.length);
  const v = new Float32Array(p.length);
  let step = 0;
  return () => {
    step++;
    const size = LR / (1 - BETA1 ** step);
    const correction = Math.sqrt(1 - BETA2 ** step);
    for (let i = 0; i < p.length; i++) {
      const gi = g[i];
      const mi = m[i] + (gi - m[i]) * (1 - BETA1);
      const vi = BETA2 * v[i] + (1 - BETA2) * gi * gi;
      m[i] = mi;
      v[i] = vi;
      p[i] = p[i] * (1 - LR * WEIGHT_DECAY) - (size * mi) / (Math.sqrt(vi) / correction + EPS);
    }
  };
}

/** SGD with momentum, on `p` with the gradient `g`. */
export function plainSGD(p: Float32Array, g: Float32Array): Update {
  const b = new Float32Array(p.length);
  return () => {
    for (let i = 0; i < p.length; i++) {
      const bi = MOMENTUM * b[i] + g[i];
      b[i] = bi;
      p[i] -= LR * bi;
    }
  };
}
