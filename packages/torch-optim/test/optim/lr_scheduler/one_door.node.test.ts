import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { PACKAGE } from "../../support/compile.ts";
import { follow, lrs_of, schedulable } from "../../support/curve.ts";

type Optimizer = torch.optim.SchedulableOptimizer;

const { lr_scheduler } = torch.optim;
const { ChainedScheduler, ExponentialLR, LRScheduler, ReduceLROnPlateau, SequentialLR, StepLR } =
  lr_scheduler;

/** The options without which a class cannot be built. */
const NEEDED: Record<string, (optimizer: Optimizer) => object> = {
  ChainedScheduler: (o) => ({ schedulers: [new ExponentialLR(o, { gamma: 0.9 })] }),
  SequentialLR: (o) => ({
    schedulers: [new ExponentialLR(o, { gamma: 0.9 }), new ReduceLROnPlateau(o)],
    milestones: [3],
  }),
  KeyframesLR: () => ({ epochs: [0, 3], factors: [1, 0.5] }),
  RampLR: () => ({ end_factor: 0.5, total_iters: 3 }),
  SWALR: () => ({ swa_lr: 0.05 }),
};
const MANY = {
  lr_lambda: () => 1,
  step_size: 3,
  milestones: [3],
  gamma: 0.9,
  T_max: 9,
  T_0: 4,
  base_lr: 0.1,
  max_lr: 1,
  total_steps: 20,
  num_warmup_steps: 3,
  num_training_steps: 20,
  num_decay_steps: 3,
  min_lr: 0.1,
};

/** One of every class that the package exports, by its name. */
const schedulers = Object.entries(lr_scheduler).flatMap(([name, value]) => {
  const { table } = (value as { option_table?: { table: object } }).option_table ?? {};
  if (!table) return [];
  const Class = value as unknown as new (o: Optimizer, options: object) => torch.optim.LRScheduler;
  const optimizer = schedulable();
  const known = Object.entries(MANY).filter(([option]) => option in table);
  const options = NEEDED[name]?.(optimizer) ?? Object.fromEntries(known);
  return [{ name, options: Object.keys(table), scheduler: new Class(optimizer, options) }];
});

/** What a class shows beside its options. */
const SHOWN: Record<string, string[]> = {
  CosineAnnealingWarmRestarts: ["T_cur", "T_i"],
  GreedyLR: ["best", "cooldown_counter", "num_bad_epochs", "num_good_epochs", "warmup_counter"],
  ReduceLROnPlateau: ["best", "cooldown_counter", "num_bad_epochs"],
};
/** Options in whose place another property tells what came of them. */
const STOOD_FOR: Record<string, string[]> = {
  OneCycleLR: ["epochs", "steps_per_epoch"],
  WSDSchedule: ["num_training_steps"],
};
const EVERY = ["optimizer", "options", "base_lrs", "last_epoch", "_last_lr"];

/** Names on an object and its prototypes, up to what every object has. */
function names_of(object: object): string[] {
  const keys = Reflect.ownKeys(object).map(String);
  const above = Object.getPrototypeOf(object);
  return above === Object.prototype ? keys : [...keys, ...names_of(above)];
}

/** The public members of a class, as its published types have them. */
function typed_names(): Map<string, string[]> {
  const file = join(PACKAGE, "src/optim/lr_scheduler/index.ts");
  const { config } = ts.readConfigFile(join(PACKAGE, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, PACKAGE);
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`no module: ${file}`);
  return new Map(
    checker.getExportsOfModule(module).map((symbol) => {
      const is_alias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const type = checker.getDeclaredTypeOfSymbol(
        is_alias ? checker.getAliasedSymbol(symbol) : symbol,
      );
      const names = type.getProperties().map((property) => property.name);
      return [symbol.name, names.filter((each) => !each.startsWith("#"))];
    }),
  );
}

describe("a scheduler shows", () => {
  test("nothing with an underscore but PyTorch's _last_lr", () => {
    expect(schedulers.length).toBeGreaterThan(20);
    for (const { name, scheduler } of schedulers) {
      const hidden = names_of(scheduler).filter((key) => key.startsWith("_"));
      expect(new Set(hidden), name).toEqual(new Set(["_last_lr"]));
    }
  });

  test("its options, and what is documented beside them", () => {
    for (const { name, options, scheduler } of schedulers) {
      const wanted = [...EVERY, ...options, ...(SHOWN[name] ?? [])];
      expect(Object.keys(scheduler).sort(), name).toEqual(wanted.sort());
    }
  });

  test("what its published types say, and no more", () => {
    const typed = typed_names();
    for (const { name, scheduler } of schedulers) {
      const shown = new Set(names_of(scheduler));
      const published = typed.get(name) ?? [];
      expect(
        published.filter((key) => !shown.has(key)),
        name,
      ).toEqual([]);
      const beyond = [...shown].filter((key) => !published.includes(key));
      expect(new Set(beyond), name).toEqual(new Set(["constructor", ...(STOOD_FOR[name] ?? [])]));
    }
  });
});

/** Uses names that the library might have wanted for itself. */
class Crowded extends LRScheduler<{ gamma: number }> {
  _state = "mine";
  _reset = 1;
  _best = [1, 2];
  fields = { a: 1 };
  twin = true;
  groups = 3;
  count = 0;

  get_lr(): number[] {
    this.count = (this.count ?? 0) + 1;
    return this.base_lrs.map((lr) => lr * this.options.gamma ** this.last_epoch);
  }

  load(): string {
    return "loaded";
  }
  begin(): string {
    return "begun";
  }
  next(): string {
    return "nothing";
  }
  advance(): never {
    throw new Error("not for the library to call");
  }
  commit(): never {
    return this.advance();
  }
  options_in(): never {
    return this.advance();
  }
  prepare(): never {
    return this.advance();
  }
  at(): never {
    return this.advance();
  }
  get members(): never {
    return this.advance();
  }
}

describe("a class of one's own may call its members as it likes", () => {
  const places: Record<string, (mine: Crowded) => torch.optim.LRScheduler> = {
    alone: (mine) => mine,
    "in a sequence": (mine) =>
      new SequentialLR(mine.optimizer, {
        schedulers: [new StepLR(mine.optimizer, { step_size: 2 }), mine],
        milestones: [2],
      }),
    "in a chain": (mine) =>
      new ChainedScheduler(mine.optimizer, {
        schedulers: [mine, new ExponentialLR(mine.optimizer, { gamma: 0.5 })],
      }),
  };

  test.each(Object.entries(places))("%s, and keeps what they hold", (_, place) => {
    const build = () => {
      const mine = new Crowded(schedulable([1]), { gamma: 0.9 });
      return { mine, scheduler: place(mine) };
    };
    const one = build();
    const { lrs } = follow(one.scheduler, 5);
    expect(one.scheduler.lr_at(4)[0]).toBeCloseTo(lrs[4][0], 14);
    Object.assign(one.mine, { _state: "changed", _reset: 2, _best: [3], fields: { b: 2 } });

    const other = build();
    other.scheduler.load_state_dict(JSON.parse(JSON.stringify(one.scheduler.state_dict())));
    const { _state, _reset, _best, fields, twin, groups, count } = other.mine;
    expect({ _state, _reset, _best, fields, twin, groups }).toEqual({
      _state: "changed",
      _reset: 2,
      _best: [3],
      fields: { b: 2 },
      twin: true,
      groups: 3,
    });
    expect(count).toBe(one.mine.count);
    expect([other.mine.load(), other.mine.begin(), other.mine.next()]).toEqual([
      "loaded",
      "begun",
      "nothing",
    ]);
    expect(follow(other.scheduler, 4).lrs).toEqual(follow(one.scheduler, 4).lrs);
  });

  test("_curves and _rest as well, in a chain", () => {
    class Curved extends ExponentialLR {
      _curves = "mine";
      _rest = "mine too";
      override get_lr() {
        return super.get_lr();
      }
    }
    const optimizer = schedulable([1]);
    const chain = () =>
      new ChainedScheduler(optimizer, {
        schedulers: [
          new Curved(optimizer, { gamma: 0.9 }),
          new ExponentialLR(optimizer, { gamma: 0.5 }),
        ],
      });
    const state = JSON.parse(JSON.stringify(chain().state_dict()));
    expect(state._schedulers[0]).toMatchObject({ _curves: "mine", _rest: "mine too" });
    chain().load_state_dict(state);
    expect(lrs_of(optimizer)).toEqual([1]);
  });
});
