import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { thrown } from "../support/refusal.ts";

const { entry, option, option_table, PerParameterOptimizer, Optimizer } = torch.optim;

interface LionOptions extends torch.optim.OptimizerOptions {
  betas?: [number, number];
  weight_decay?: number;
}

interface LionState {
  exp_avg: torch.FloatArray;
}

/** Chen et al., "Symbolic Discovery of Optimization Algorithms", algorithm 2. */
class Lion extends PerParameterOptimizer<LionOptions, LionState> {
  static override readonly option_table = option_table<Required<LionOptions>>("Lion", {
    lr: option.number({ min: 0, default: 1e-4 }),
    betas: option.betas([0.9, 0.99]),
    weight_decay: option.number({ min: 0, default: 0 }),
  });

  static override readonly state_table: torch.optim.StateTable<LionState> = {
    exp_avg: entry.like_param(),
  };

  protected override update(
    { data }: torch.ParameterLike,
    grad: torch.optim.Numbers,
    { lr, betas: [beta1, beta2], weight_decay }: torch.optim.ParamGroup<LionOptions>,
    { exp_avg }: LionState,
  ): void {
    for (let i = 0; i < data.length; i++) {
      const direction = Math.sign(beta1 * exp_avg[i] + (1 - beta1) * grad[i]);
      data[i] -= lr * (direction + weight_decay * data[i]);
      exp_avg[i] = beta2 * exp_avg[i] + (1 - beta2) * grad[i];
    }
  }
}

/** Steps of one length along the gradient of all parameters together. */
class NormalizedDescent extends Optimizer<{ lr?: number }> {
  static override readonly option_table = option_table<{ lr: number }>("NormalizedDescent", {
    lr: option.number({ min: 0, default: 1 }),
  });

  override step(): undefined;
  override step<Loss>(closure: () => Loss): Loss;
  override step<Loss>(closure?: () => Loss): Loss | undefined {
    const loss = closure?.();
    this.check_step();
    this.stepped = true;
    const pairs = this.param_groups.flatMap(({ params, lr }) =>
      params.map(({ data, grad }) => ({ data, grad: grad ?? [], lr })),
    );
    const norm = Math.hypot(...pairs.flatMap(({ grad }) => [...grad]));
    for (const { data, grad, lr } of pairs) {
      for (const [i, g] of grad.entries()) data[i] -= (lr * g) / norm;
    }
    return loss;
  }
}

const wave = (i: number, k: number) => Math.sin(1 + 7 * i + 13 * k);

function train(optimizer: torch.optim.Optimizer, begin: number, end: number): void {
  for (let k = begin; k < end; k++) {
    let i = 0;
    for (const { params } of optimizer.param_groups) {
      for (const param of params) param.grad = Array.from(param.data, () => wave(i++, k));
    }
    optimizer.step();
  }
}

const data_of = ({ param_groups }: torch.optim.Optimizer) =>
  param_groups.flatMap(({ params }) => params.flatMap(({ data }) => [...data]));

describe("an optimizer of one's own", () => {
  test("computes its formula, each group by its own options", () => {
    const start = [0.5, -2, 3];
    const groups = [
      { params: [new torch.Parameter(start)] },
      { params: [new torch.Parameter([1])], lr: 0.5, weight_decay: 0 },
    ];
    const optimizer = new Lion(groups, { lr: 0.1, betas: [0.8, 0.9], weight_decay: 0.01 });
    train(optimizer, 0, 9);
    const wanted = [...start, 1].map((p, i) => {
      const [lr, decay] = i < 3 ? [0.1, 0.01] : [0.5, 0];
      let m = 0;
      for (let k = 0; k < 9; k++) {
        const g = wave(i, k);
        p = p - lr * (Math.sign(0.8 * m + (1 - 0.8) * g) + decay * p);
        m = 0.9 * m + (1 - 0.9) * g;
      }
      return p;
    });
    expect(data_of(optimizer)).toEqual(wanted);
  });

  test("goes on from its state bit for bit, under a scheduler that cycles its betas", () => {
    const run = (values: number[]) => {
      const optimizer = new Lion([new torch.Parameter(values)]);
      const options = { max_lr: 0.1, total_steps: 12 };
      return { optimizer, scheduler: new torch.optim.OneCycleLR(optimizer, options) };
    };
    const steps = (
      { optimizer, scheduler }: ReturnType<typeof run>,
      begin: number,
      end: number,
    ) => {
      for (let k = begin; k < end; k++) {
        train(optimizer, k, k + 1);
        scheduler.step();
      }
    };
    const whole = run([1, 2, 3]);
    steps(whole, 0, 5);
    const resumed = run(data_of(whole.optimizer));
    const saved = JSON.stringify([whole.optimizer.state_dict(), whole.scheduler.state_dict()]);
    const [optimizer_state, scheduler_state] = JSON.parse(saved);
    resumed.optimizer.load_state_dict(optimizer_state);
    resumed.scheduler.load_state_dict(scheduler_state);
    for (const each of [whole, resumed]) steps(each, 5, 10);
    expect(data_of(resumed.optimizer)).toEqual(data_of(whole.optimizer));
    expect(resumed.optimizer.param_groups[0].betas[0]).not.toBe(0.9);
  });

  test("is checked like the library's own, under its own name", () => {
    const param = new torch.Parameter([1, 2]);
    const betas = "betas must be two numbers from 0 to below 1, got [0.9, 1]";
    expect(() => new Lion([param], { betas: [0.9, 1] })).toThrow(`Lion: ${betas}`);
    expect(() => new Lion([param], { beta: 1 } as never)).toThrow(
      "Lion: beta is not an option; the options are: lr, betas, weight_decay",
    );
    const optimizer = new Lion([param]);
    param.grad = [1, 1];
    optimizer.step();
    const before = optimizer.state_dict();
    const short = { ...before, state: { 0: { exp_avg: [1] } } };
    expect(() => optimizer.load_state_dict(short)).toThrow(
      "Lion: state_dict.state[0].exp_avg must have 2 values, got 1",
    );
    expect(optimizer.state_dict()).toEqual(before);
  });

  test("may move all parameters together", () => {
    const params = [new torch.Parameter([1, 1]), new torch.Parameter([1])];
    const optimizer = new NormalizedDescent(params, { lr: 10 });
    params[0].grad = [1, 2];
    params[1].grad = [2];
    expect(optimizer.step(() => 7)).toBe(7);
    expect(data_of(optimizer)).toEqual([1 - 10 / 3, 1 - 20 / 3, 1 - 20 / 3]);
    params[1].grad = [2];
    optimizer.param_groups[0].lr = Number.NaN;
    expect(() => optimizer.step()).toThrow(
      "NormalizedDescent: lr of parameter group 0 must be a finite number, got NaN",
    );
  });

  test("can add to one of the library's", () => {
    /** AdamW that counts the numbers it has updated. */
    class CountingAdamW extends torch.optim.AdamW {
      updated = 0;
      protected override update(
        ...[param, ...rest]: Parameters<torch.optim.AdamW["update"]>
      ): void {
        super.update(param, ...rest);
        this.updated += param.data.length;
      }
    }
    const [counting, plain] = [CountingAdamW, torch.optim.AdamW].map(
      (Class) => new Class([new torch.Parameter([1, 2, 3])], { lr: 0.1 }),
    );
    for (const each of [counting, plain]) train(each, 0, 4);
    expect(data_of(counting)).toEqual(data_of(plain));
    expect((counting as CountingAdamW).updated).toBe(12);
  });

  test("can call its own what the library calls its own, and nothing happens", () => {
    class Named extends Lion {
      owner = "mine";
      options = 1;
      table = 2;
      fields = 3;
      entries = 4;
      lengths = 5;
      _state = 6;
      #options = 7;
      begin(): never {
        throw new Error("called");
      }
      admit = this.begin;
      complete = this.begin;
      completed = this.begin;
      evaluate = this.begin;
      check_grad = this.begin;
      check_gradients = this.begin;
      state_fields = this.begin;
      get sum() {
        return this.options + this.#options;
      }
    }
    const [named, lion] = [Named, Lion].map((Class) => {
      const optimizer = new Class([new torch.Parameter([1, 2])], { lr: 0.1 });
      train(optimizer, 0, 3);
      optimizer.load_state_dict(JSON.parse(JSON.stringify(optimizer.state_dict())));
      optimizer.add_param_group({ params: [new torch.Parameter([3])] });
      train(optimizer, 3, 6);
      return optimizer;
    });
    expect(data_of(named)).toEqual(data_of(lion));
    expect((named as Named).sum).toBe(8);
  });

  test("has an option that must be given, and an entry that an option asks for", () => {
    interface Options extends torch.optim.OptimizerOptions {
      rate: number;
      averaged?: boolean;
    }
    interface State {
      step: number;
      average?: torch.FloatArray;
    }
    class Averaging extends PerParameterOptimizer<Options, State> {
      static override readonly option_table = option_table<Required<Options>>("Averaging", {
        lr: option.number({ default: 1 }),
        rate: option.number({ above: 0 }),
        averaged: option.boolean(false),
      });
      static override readonly state_table: torch.optim.StateTable<State, Options> = {
        step: entry.count,
        average: entry.when(({ averaged }) => averaged, entry.like_param()),
      };
      protected override update(
        { data }: torch.ParameterLike,
        grad: torch.optim.Numbers,
        { rate }: torch.optim.ParamGroup<Options>,
        state: State,
      ): void {
        state.step++;
        for (let i = 0; i < data.length; i++) {
          data[i] -= rate * grad[i];
          if (state.average) state.average[i] += (data[i] - state.average[i]) / state.step;
        }
      }
    }
    const param = new torch.Parameter([3]);
    // @ts-expect-error rate is missing
    expect(() => new Averaging([param])).toThrow(
      "Averaging: rate must be a finite number above 0, got undefined",
    );
    const optimizer = new Averaging([param], { rate: 1 });
    param.grad = [1];
    optimizer.step();
    expect(optimizer.state_dict().state).toEqual({ 0: { step: 1 } });
    optimizer.param_groups[0].averaged = true;
    optimizer.step();
    expect(optimizer.state_dict().state).toEqual({ 0: { step: 2, average: [0.5] } });
  });

  test("keeps an option that is a function when it takes up a state, which has none", () => {
    interface Options extends torch.optim.OptimizerOptions {
      transform?: ((g: number) => number) | null;
    }
    const is_function = (value: unknown) => typeof value === "function";
    class Transformed extends PerParameterOptimizer<Options> {
      static override readonly option_table = option_table<Required<Options>>("Transformed", {
        lr: option.number({ default: 1 }),
        transform: option.nullable(option.custom("a function", is_function)),
      });
      protected override update(
        { data }: torch.ParameterLike,
        grad: torch.optim.Numbers,
        { lr, transform }: torch.optim.ParamGroup<Options>,
      ): void {
        for (let i = 0; i < data.length; i++) data[i] -= lr * (transform?.(grad[i]) ?? grad[i]);
      }
    }
    const param = new torch.Parameter([4]);
    const optimizer = new Transformed([param], { transform: Math.sqrt });
    const state = JSON.parse(JSON.stringify(optimizer.state_dict()));
    expect(state.param_groups[0]).toEqual({ lr: 1, params: [0] });
    optimizer.load_state_dict(state);
    param.grad = [9];
    optimizer.step();
    expect([...param.data]).toEqual([1]);
  });

  test("without an option_table is refused by name", () => {
    class Bare extends PerParameterOptimizer {
      protected override update(): void {}
    }
    const refusal = thrown(() => new Bare([new torch.Parameter([1])]));
    expect(refusal.message).toBe("Bare: a static option_table is missing");
    expect(refusal).toBeInstanceOf(TypeError);
  });
});
