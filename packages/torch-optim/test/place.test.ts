import { describe, expect, test } from "vitest";
import * as torch from "../src/index.ts";
import type { Kernel, Place, Scalars } from "../src/place.ts";

/** An array that nobody but its place can look into. */
class Hidden {
  #numbers: Float32Array;

  constructor(numbers: Iterable<number>) {
    this.#numbers = Float32Array.from(numbers);
  }

  get length(): number {
    return this.#numbers.length;
  }

  fill(x: number): this {
    return this.set(new Float32Array(this.length).fill(x));
  }

  /** What was computed last takes the place of what there was. */
  set(numbers: Iterable<number>): this {
    this.#numbers = Float32Array.from(numbers);
    return this;
  }

  [Symbol.iterator]() {
    return this.#numbers.values();
  }
}

const as_numbers = (hidden: Hidden) => hidden as unknown as Float32Array;

class Elsewhere implements Place {
  readonly kernels: string[] = [];

  run(kernel: Kernel, arrays: readonly torch.optim.Numbers[], scalars: Scalars) {
    this.kernels.push(kernel.name);
    const own = [...arrays].map((array) => array && Float32Array.from(array));
    kernel.run(own, scalars);
    for (const [i, array] of arrays.entries()) {
      if (array && arrays.indexOf(array) === i) (array as unknown as Hidden).set(own[i]);
    }
    return arrays;
  }

  zeros(length: number): Float32Array {
    return as_numbers(new Hidden(new Float32Array(length)));
  }

  check(name: string, { data, grad }: torch.ParameterLike): void {
    if (grad && grad.length !== data.length) throw new RangeError(`${name}: not as many`);
  }
}

const VALUES = [0.5, -1, 2, 3];
const grad_at = (step: number) => VALUES.map((x, i) => Math.fround(Math.sin(x * step + i)));

/** A parameter at a place of its own, and one like it in JavaScript's memory. */
function pair() {
  const place = new Elsewhere();
  const there: torch.ParameterLike = {
    data: as_numbers(new Hidden(VALUES)),
    grad: as_numbers(new Hidden(VALUES)),
    shape: [2, 2],
    place,
  };
  return { place, there, here: new torch.Parameter(new Float32Array(VALUES), [2, 2]) };
}

const { SGD, Adam, AdamW, NAdam, RAdam, Adamax, Adagrad, Adadelta, RMSprop, Rprop, ASGD, Muon } =
  torch.optim;
const ALL = [SGD, Adam, AdamW, NAdam, RAdam, Adamax, Adagrad, Adadelta, RMSprop, Rprop, ASGD, Muon];
const OPTIONS: Readonly<Record<string, object>> = {
  SGD: { momentum: 0.9, nesterov: true },
  AdamW: { amsgrad: true },
  RMSprop: { momentum: 0.9, centered: true },
};

type AnyOptimizer = new (
  params: readonly torch.ParameterLike[],
  options?: object,
) => torch.optim.Optimizer;

describe("a parameter's place", () => {
  test.each(
    ALL.map((Class) => [Class.name, Class as AnyOptimizer] as const),
  )("runs the kernels of %s, whose numbers and states are those of any other", (name, Class) => {
    const { place, there, here } = pair();
    const optimizers = [there, here].map((param) => new Class([param], OPTIONS[name]));
    for (let step = 1; step <= 6; step++) {
      if (step === 4) optimizers[0].load_state_dict(optimizers[1].state_dict());
      (there.grad as unknown as Hidden).set(grad_at(step));
      here.grad = grad_at(step);
      for (const optimizer of optimizers) optimizer.step();
    }
    expect([...there.data]).toEqual([...here.data]);
    expect(optimizers[0].state_dict()).toEqual(optimizers[1].state_dict());
    expect(place.kernels.length).toBe(name === "Muon" ? 18 : 6);
  });

  test("may stand in one optimizer with others, and clears its gradients", () => {
    const { there, here } = pair();
    const optimizer = new torch.optim.SGD([there, here], { lr: 1 });
    here.grad = VALUES;
    optimizer.step();
    expect([...there.data]).toEqual([...here.data]);
    optimizer.zero_grad({ set_to_none: false });
    expect([...(there.grad ?? [])]).toEqual([0, 0, 0, 0]);
  });

  test("says what is wrong with a gradient before anything has changed", () => {
    const { there, here } = pair();
    here.grad = VALUES;
    const optimizer = new torch.optim.SGD([here, there], { lr: 1 });
    there.grad = as_numbers(new Hidden([1]));
    expect(() => optimizer.step()).toThrow("SGD: parameter 1 of group 0: not as many");
    expect([...here.data]).toEqual(VALUES);
  });
});
