import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import drawn from "../../fixtures/lr_scheduler/derived.json";
import { expect_close } from "../../support/close.ts";
import { type Course, follow, lrs_of, schedulable, step } from "../../support/curve.ts";

type Optimizer = torch.optim.SchedulableOptimizer;
type Make = (optimizer: Optimizer) => torch.optim.LRScheduler;

const {
  ChainedScheduler,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  OneCycleLR,
  SequentialLR,
  StepLR,
} = torch.optim.lr_scheduler;

// The same classes stand in reference/derived_classes.py.

class FlooredCosine extends CosineAnnealingLR {
  override get_lr() {
    return super.get_lr().map((lr, g) => Math.max(lr, 0.1 * this.base_lrs[g]));
  }
}

class FlooredStep extends StepLR {
  override get_lr() {
    return super.get_lr().map((lr) => Math.max(lr, 0.05));
  }
}

class SawTooth extends CosineAnnealingWarmRestarts {
  override get_lr() {
    return this.base_lrs.map((base_lr) => base_lr * (1 - this.T_cur / this.T_i));
  }
}

class DampedRestarts extends CosineAnnealingWarmRestarts {
  override get_lr() {
    return super.get_lr().map((lr) => lr * 0.9 ** this.last_epoch);
  }
}

class DampedCyclic extends CyclicLR {
  override get_lr() {
    return super.get_lr().map((lr) => lr * 0.9 ** this.last_epoch);
  }
}

class DampedOneCycle extends OneCycleLR {
  override get_lr() {
    return super.get_lr().map((lr) => lr * 0.9 ** this.last_epoch);
  }
}

class ShiftedLambda extends LambdaLR {
  override get_lr() {
    return super.get_lr().map((lr) => lr + 0.5);
  }
}

const EPOCHS = 20;
const MAKE: Record<keyof typeof drawn.cases, Make> = {
  FlooredCosine: (optimizer) => new FlooredCosine(optimizer, { T_max: 6 }),
  FlooredStep: (optimizer) => new FlooredStep(optimizer, { step_size: 2, gamma: 0.5 }),
  SawTooth: (optimizer) => new SawTooth(optimizer, { T_0: 3, T_mult: 2 }),
  DampedRestarts: (optimizer) => new DampedRestarts(optimizer, { T_0: 4 }),
  DampedCyclic: (optimizer) =>
    new DampedCyclic(optimizer, { base_lr: 0.1, max_lr: 0.4, step_size_up: 3 }),
  DampedOneCycle: (optimizer) =>
    new DampedOneCycle(optimizer, { max_lr: 2, total_steps: EPOCHS + 1 }),
  ShiftedLambda: (optimizer) =>
    new ShiftedLambda(optimizer, { lr_lambda: (epoch) => 1 / (1 + epoch) }),
};

const sequence =
  (milestone: number, ...phases: [Make, Make]): Make =>
  (optimizer) =>
    new SequentialLR(optimizer, {
      schedulers: phases.map((make) => make(optimizer)),
      milestones: [milestone],
    });
const chain =
  (...members: Make[]): Make =>
  (optimizer) =>
    new ChainedScheduler(optimizer, { schedulers: members.map((make) => make(optimizer)) });

const linear: Make = (optimizer) => new LinearLR(optimizer, { start_factor: 0.25, total_iters: 3 });
const exponential: Make = (optimizer) => new ExponentialLR(optimizer, { gamma: 0.9 });

/** Where each of them may stand. */
const PLACES: Record<string, (make: Make) => Make> = {
  alone: (make) => make,
  as_first_phase: (make) => sequence(8, make, exponential),
  as_later_phase: (make) => sequence(3, linear, make),
  in_a_chain: (make) => chain(exponential, make),
  in_a_chain_in_a_sequence: (make) => sequence(2, linear, chain(make, exponential)),
};

const two_groups = () => schedulable([1, 0.3], { momentum: 0.6 });

describe.each(
  Object.entries(MAKE),
)(`%s, a class derived from one of the library's (PyTorch ${drawn.pytorch})`, (name, make) => {
  test("gives PyTorch's numbers", () => {
    const cases = Object.entries<{ lr: number[][]; momentum: number[][] }>(
      drawn.cases[name as keyof typeof drawn.cases],
    );
    for (const [place, { lr, momentum }] of cases) {
      const { lrs, momenta } = follow(PLACES[place](make)(two_groups()), EPOCHS);
      expect_close(lrs, lr, Math.max(...lr.flat()), place);
      expect_close(momenta, momentum, 1, place);
    }
  });

  test("is in a chain the product of its curve and its neighbours'", () => {
    const { lrs } = follow(make(two_groups()), EPOCHS);
    const found = follow(chain(exponential, make)(two_groups()), EPOCHS).lrs;
    const wanted = lrs.map((row, epoch) => row.map((lr) => lr * 0.9 ** epoch));
    expect_close(found, wanted, Math.max(...lrs.flat()), "chain");
  });

  test.each(Object.entries(PLACES))("plans, places and resumes as it steps: %s", (_, place) => {
    const tree = place(make);
    const { lrs } = follow(tree(two_groups()), EPOCHS);
    const unit = Math.max(...lrs.flat());
    const planned = tree(two_groups());
    for (const epoch of [9, 4, EPOCHS, 0, 13]) {
      expect_close(planned.lr_at(epoch), lrs[epoch], unit, `lr_at(${epoch})`);
    }
    for (const stopped of [0, 2, 3, 8, 13]) {
      const one = tree(two_groups());
      for (let epoch = 0; epoch < stopped; epoch++) step(one);
      const other = tree(schedulable([0.7, 0.2], { momentum: 0.1 }));
      other.load_state_dict(JSON.parse(JSON.stringify(one.state_dict())));
      const rest: Course = follow(other, EPOCHS - stopped);
      expect(rest.lrs).toEqual(lrs.slice(stopped));
      expect(other.state_dict()).toEqual(follow_to(tree, EPOCHS).state_dict());
    }
  });

  test("stands by last_epoch where stepping leads", () => {
    const { lrs } = follow(make(two_groups()), EPOCHS);
    const scheduler = new (make(two_groups()).constructor as typeof StepLR)(two_groups(), {
      ...(make(two_groups()).options as { step_size: number }),
      last_epoch: 6,
    });
    expect_close(lrs_of(scheduler.optimizer), lrs[7], 1, "last_epoch: 6");
    scheduler.step();
    expect_close(lrs_of(scheduler.optimizer), lrs[8], 1, "the step after");
  });
});

function follow_to(make: Make, epoch: number): torch.optim.LRScheduler {
  const scheduler = make(two_groups());
  for (let i = 0; i < epoch; i++) step(scheduler);
  return scheduler;
}

test("a class derived from MultiplicativeLR goes on from the lr in force", () => {
  class Halved extends MultiplicativeLR {
    override get_lr() {
      return super.get_lr().map((lr) => lr / 2);
    }
  }
  const scheduler = new Halved(schedulable([8]), { lr_lambda: () => 0.5 });
  expect(follow(scheduler, 3).lrs).toEqual([[4], [1], [0.25], [0.0625]]);
});

describe("a class derived from one of the library's keeps", () => {
  test("step(epoch) with a fraction, where the class above takes one", () => {
    const scheduler = new SawTooth(schedulable([1]), { T_0: 4 });
    const lrs = [2.5, 5.25, undefined].map((epoch) => {
      scheduler.step(epoch);
      return lrs_of(scheduler.optimizer)[0];
    });
    // PyTorch's: 1 - T_cur / 4 at T_cur 2.5, 1.25 and 2.25.
    expect(lrs).toEqual([0.375, 0.6875, 0.4375]);
  });

  test("the checks of the class above", () => {
    class OwnCurve extends CyclicLR {
      override get_lr() {
        return this.base_lrs;
      }
    }
    const make = () => new OwnCurve(schedulable([1], {}), { base_lr: 0.1, max_lr: 0.4 });
    expect(make).toThrow(
      "CyclicLR: cycle_momentum must be false for an optimizer without momentum",
    );
  });

  test("PyTorch's keys in its state", () => {
    const options = { base_lr: 0.1, max_lr: 0.4, step_size_up: 3 };
    const keys = (scheduler: torch.optim.LRScheduler) => Object.keys(scheduler.state_dict());
    expect(keys(new DampedCyclic(schedulable([1]), options))).toEqual(
      keys(new CyclicLR(schedulable([1]), options)),
    );
  });
});
