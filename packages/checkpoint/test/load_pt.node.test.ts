import * as torch from "torch-optim";
import { load_pt, type Tensor } from "torch-optim-checkpoint";
import { describe, expect, it, test } from "vitest";
import { described, EXPECTED, fixture } from "./support/fixtures.ts";

const INPUTS = [
  [1, 2, 3],
  [0.5, -1, 2],
];

/** A linear layer with two outputs, AdamW and the schedule of `training()` in reference/checkpoint_files.py. */
function start(model: Readonly<Record<string, Tensor>>) {
  const weight = new torch.Parameter(model.weight.data as Float32Array, model.weight.shape);
  const bias = new torch.Parameter(model.bias.data as Float32Array, model.bias.shape);
  const optimizer = new torch.optim.AdamW([weight, bias], { lr: 0.1 });
  const scheduler = new torch.optim.SequentialLR(optimizer, {
    schedulers: [
      new torch.optim.LinearLR(optimizer, { total_iters: 3 }),
      new torch.optim.MultiStepLR(optimizer, { milestones: [2, 4], gamma: 0.5 }),
    ],
    milestones: [3],
  });
  return { weight, bias, optimizer, scheduler };
}

/** The mean square of the outputs, and its gradient. */
function loss_of({ weight, bias }: Pick<ReturnType<typeof start>, "weight" | "bias">): number {
  const grads = { weight: new Float32Array(6), bias: new Float32Array(2) };
  let loss = 0;
  for (const x of INPUTS) {
    for (let o = 0; o < 2; o++) {
      const y = x.reduce((sum, xi, i) => sum + xi * weight.data[3 * o + i], bias.data[o]);
      loss += y ** 2 / 4;
      for (let i = 0; i < 3; i++) grads.weight[3 * o + i] += (x[i] * y) / 2;
      grads.bias[o] += y / 2;
    }
  }
  weight.grad = grads.weight;
  bias.grad = grads.bias;
  return loss;
}

describe("a run that PyTorch has begun", () => {
  it("goes on from its file with PyTorch's losses and lrs", () => {
    const saved = load_pt(fixture("training.pt"));
    const { weight, bias, optimizer, scheduler } = start(saved.model);
    scheduler.load_state_dict(saved.scheduler);
    optimizer.load_state_dict(saved.optimizer);
    expect(scheduler.last_epoch).toBe(saved.extra.epoch);
    const { rows, model } = EXPECTED.training_goes_on;
    for (const { loss, lr } of rows) {
      expect(optimizer.param_groups[0].lr).toBeCloseTo(lr, 14);
      expect(loss_of({ weight, bias })).toBeCloseTo(loss, 5);
      optimizer.step();
      scheduler.step();
    }
    for (const [i, value] of weight.data.entries()) {
      expect(value).toBeCloseTo(model.weight.values[i], 5);
    }
    for (const [i, value] of bias.data.entries())
      expect(value).toBeCloseTo(model.bias.values[i], 5);
  });

  it("goes on from the optimizer.pt and the scheduler.pt of a Trainer alone", () => {
    const whole = load_pt(fixture("training.pt"));
    const optimizer = load_pt(fixture("optimizer.pt"));
    const scheduler = load_pt(fixture("scheduler.pt"));
    const nothing = { model: {}, extra: {} };
    const none = { state: {}, param_groups: [] };
    expect(optimizer).toEqual({ ...nothing, optimizer: whole.optimizer, scheduler: {} });
    expect(scheduler).toEqual({ ...nothing, optimizer: none, scheduler: whole.scheduler });
  });
});

type OptimizerClass = new (
  params: readonly torch.Parameter[],
  options: object,
) => torch.optim.Optimizer;

/** As in reference/checkpoint_files.py. */
const OPTIONS: Record<string, object> = {
  SGD: { lr: 0.1, momentum: 0.9 },
  Adam: { lr: 0.1, amsgrad: true },
  AdamW: { lr: 0.1 },
  NAdam: { lr: 0.1 },
  RAdam: { lr: 0.1 },
  Adamax: { lr: 0.1 },
  Adagrad: { lr: 0.1 },
  Adadelta: { lr: 0.5 },
  RMSprop: { lr: 0.1, momentum: 0.5, centered: true },
  Rprop: { lr: 0.1 },
  ASGD: { lr: 0.1 },
  Adafactor: { lr: 0.1 },
  Muon: { lr: 0.1 },
  LBFGS: { lr: 0.5, max_iter: 3, line_search_fn: "strong_wolfe" },
};

describe("PyTorch's state of an optimizer goes on from its file", () => {
  test.each(Object.keys(OPTIONS))("%s", (name) => {
    const { model, optimizer: state } = load_pt(fixture(`${name}.pt`));
    const params = Object.values(model).map(
      ({ data, shape }) => new torch.Parameter(data as Float64Array, shape),
    );
    const classes = torch.optim as unknown as Record<string, OptimizerClass>;
    const optimizer = new classes[name](params, OPTIONS[name]);
    optimizer.load_state_dict(state);
    const closure = () => {
      let loss = 0;
      for (const param of params) {
        param.grad = Array.from(param.data, (p, i) => 2 * (1 + i / 4) * (p - 0.3));
        param.data.forEach((p, i) => {
          loss += (1 + i / 4) * (p - 0.3) ** 2;
        });
      }
      return loss;
    };
    for (let step = 0; step < 3; step++) optimizer.step(closure);
    const expected: Tensor[] = EXPECTED.optimizers_go_on[name];
    for (const [i, param] of params.entries()) {
      const { values } = expected[i] as unknown as { values: number[] };
      // Muon's iteration runs in bfloat16, where PyTorch adds up in another order.
      const digits = name === "Muon" ? 3 : 11;
      for (const [k, value] of param.data.entries()) expect(value).toBeCloseTo(values[k], digits);
    }
  });
});

describe("load_pt", () => {
  it("takes what stands beside the three parts as extra", () => {
    const { extra } = load_pt(fixture("training.pt"));
    expect(extra).toEqual({ epoch: 4, note: "stopped" });
  });

  it("takes a file of tensors alone as a model", () => {
    const { model } = load_pt(fixture("module.pt"));
    expect(described(model as never)).toEqual(EXPECTED.module);
    // Two names of one parameter are one array.
    expect(model["tied.weight"].data).toBe(model["out.weight"].data);
  });

  it("looks for a part under the name that it is given", () => {
    const file = fixture("training.pt");
    expect(load_pt(file, { names: { model: "model" } })).toEqual(load_pt(file));
    expect(() => load_pt(file, { names: { scheduler: "another" } })).toThrow(
      'it must have a dictionary under "another"',
    );
  });
});
