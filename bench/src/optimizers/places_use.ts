/** Prints the seconds that an update takes, turn by turn, with its arrays in one of several places. */
import * as torch from "torch-optim";
import { noise, perStep, stepsOf, type Workload } from "./workload.ts";

const TURNS = 12;
/** Turns in which the JIT compiler is at work. */
const WARM_UP = 3;
const SIZE = 1_000_000;

const PLACES: Record<string, () => torch.ParameterLike> = {
  room: () => new torch.Parameter(noise(SIZE)),
  apart: () => ({ data: noise(SIZE), grad: null }),
  loop: () => new torch.Parameter(noise(SIZE)),
  float64: () => new torch.Parameter(Float64Array.from(noise(SIZE))),
};

const [, , kind, place] = process.argv;
// The library asks for it when it makes its first parameter.
if (place === "loop") Reflect.deleteProperty(globalThis, "WebAssembly");

const options = { lr: 1e-3, ...(kind === "SGD" ? { momentum: 0.9 } : {}) };
const workload: Workload = { kind, options, shapes: [[SIZE]] };
const param = PLACES[place]();
param.grad = noise(SIZE);
const optimizer =
  kind === "SGD" ? new torch.optim.SGD([param], options) : new torch.optim.AdamW([param], options);
const turn = perStep(stepsOf(workload), () => optimizer.step());
const seconds: number[] = [];
for (let k = -WARM_UP; k < TURNS; k++) {
  const taken = await turn();
  if (k >= 0) seconds.push(taken / SIZE);
}
console.log(JSON.stringify(seconds));
