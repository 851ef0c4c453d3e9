// Before jax-js, which it is for.
import "./navigator.ts";
import { type Device, defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import * as torch from "torch-optim";
import { DIGITS, type Images, PIXELS } from "./images.ts";
import { uniformFloats } from "./random.ts";

/** Has all that follows computed on a device; false if there is none of that kind. */
export async function useDevice(device: Device): Promise<boolean> {
  const isThere = (await init(device)).includes(device);
  if (isThere) defaultDevice(device);
  return isThere;
}

type JaxArray = ReturnType<typeof np.array>;
type Weights = JaxArray[];

const HIDDEN = 64;
const SHAPES = [[PIXELS, HIDDEN], [HIDDEN], [HIDDEN, DIGITS], [DIGITS]];

/** Weights and biases of a 64-64-10 classifier, each from ±1/√(inputs). */
export function makeParameters(seed: number): torch.Parameter[] {
  const inputs = [PIXELS, PIXELS, HIDDEN, HIDDEN];
  return SHAPES.map((shape, i) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const bound = 1 / Math.sqrt(inputs[i]);
    return new torch.Parameter(uniformFloats(size, bound, seed, -1 - i), shape);
  });
}

function logits([w1, b1, w2, b2]: Weights, x: JaxArray): JaxArray {
  const hidden = nn.relu(np.dot(x, w1).add(b1));
  return np.dot(hidden, w2).add(b2);
}

/** The mean cross-entropy. */
function crossEntropy(weights: Weights, x: JaxArray, digits: JaxArray): JaxArray {
  const right = nn.logSoftmax(logits(weights, x)).mul(nn.oneHot(digits, DIGITS));
  return np.mean(np.sum(right, -1)).mul(-1);
}

const lossAndGradients = jit(valueAndGrad(crossEntropy));
const classify = jit((weights: Weights, x: JaxArray) => np.argmax(logits(weights, x), -1));

/** Puts the gradients for a batch into the parameters; gives the loss. */
export function backward(parameters: readonly torch.Parameter[], batch: Images): number {
  const [loss, gradients] = lossAndGradients(
    parameters.map(toJax),
    pixelsToJax(batch),
    np.array(batch.digits),
  );
  for (const [i, gradient] of gradients.entries()) {
    parameters[i].grad = gradient.dataSync() as Float32Array;
  }
  return loss.dataSync()[0];
}

/** The share of images whose digit is recognised. */
export function accuracy(parameters: readonly torch.Parameter[], images: Images): number {
  const guesses = classify(parameters.map(toJax), pixelsToJax(images)).dataSync();
  const { digits } = images;
  return digits.filter((digit, i) => digit === guesses[i]).length / digits.length;
}

function toJax({ data, shape }: torch.Parameter): JaxArray {
  return np.array(data as Float32Array, { shape: [...shape] });
}

function pixelsToJax({ pixels, digits }: Images): JaxArray {
  return np.array(pixels, { shape: [digits.length, PIXELS] });
}
