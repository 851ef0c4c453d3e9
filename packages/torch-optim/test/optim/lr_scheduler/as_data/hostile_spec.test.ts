import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import { schedulable } from "../../../support/curve.ts";
import { thrown } from "../../../support/refusal.ts";

const {
  check_spec,
  format_spec,
  from_spec,
  LRScheduler,
  parse_spec,
  register,
  SpecError,
  SpecSyntaxError,
  to_python,
  to_typescript,
} = torch.optim.lr_scheduler;

type SchedulerSpec = torch.optim.SchedulerSpec;

/** A class of one's own, which takes any options. */
class HostileLR extends LRScheduler {
  override get_lr() {
    return this.base_lrs;
  }
}
register("HostileLR", HostileLR);

const STEP = { type: "StepLR", step_size: 3 };
/** Control characters, direction marks, line separators and halves of a character. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function problems_of(spec: unknown): string[] {
  return check_spec(spec).map(({ path, message }) => `${path}: ${message}`);
}

function chain_of(schedulers: readonly unknown[]) {
  return { type: "ChainedScheduler", schedulers };
}

/** Everything that takes a spec, each with what it makes of it. */
const TAKERS: Record<string, (spec: SchedulerSpec) => unknown> = {
  check_spec,
  format_spec,
  from_spec: (spec) => torch.optim.to_spec(from_spec(schedulable(), spec)),
  to_python,
  to_typescript,
};

describe("a spec that holds too much is refused in one sentence", () => {
  const keys = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`k${i}`, i]));

  test.each<[string, unknown, string]>([
    ["keys", { type: "HostileLR", table: keys }, "table: must have at most 1000 keys, got 1001"],
    ["schedulers", chain_of(Array(10_000).fill(STEP)), "10000 objects and lists"],
    ["values", { type: "MultiStepLR", milestones: Array(250_001).fill(1) }, "250000 values"],
    [
      "items without any value",
      { type: "MultiStepLR", milestones: new Array(4e9) },
      "250000 values",
    ],
    ["lists", { type: "HostileLR", table: Array(10_000).fill([]) }, "10000 objects and lists"],
    ["text", { type: "HostileLR", note: "x".repeat(1_000_001) }, "1000000 characters"],
    ["of a name", { type: "HostileLR", [".".repeat(1_000_001)]: 1 }, "1000000 characters"],
  ])("%s", (_, spec, wanted) => {
    const sentence = wanted.includes(":") ? wanted : `spec: must hold at most ${wanted}`;
    expect(problems_of(spec)).toEqual([sentence]);
    for (const take of Object.values(TAKERS).slice(1)) {
      const refusal = thrown(() => take(spec as SchedulerSpec));
      expect(refusal).toBeInstanceOf(SpecError);
      expect(refusal.message).toBe(sentence);
    }
  });

  test("what is just within bounds is built", () => {
    for (const spec of [
      chain_of(Array(9998).fill(STEP)),
      { type: "MultiStepLR", milestones: Array(240_000).fill(7) },
    ]) {
      expect(problems_of(spec)).toEqual([]);
    }
  });

  test("learning rates, one of each scheduler for each parameter group", () => {
    const cyclic = { type: "CyclicLR", base_lr: Array(1000).fill(0.1), max_lr: 1 };
    const most = "spec: must have at most 100000 learning rates, got";
    expect(problems_of(chain_of([cyclic, ...Array(99).fill(STEP)]))).toEqual([
      `${most} 101 schedulers for 1000 parameter groups`,
    ]);
    expect(problems_of(chain_of([cyclic, ...Array(98).fill(STEP)]))).toEqual([]);
    const groups = Array.from({ length: 50_001 }, () => ({ lr: 1 }));
    const spec = chain_of([STEP, STEP]) as unknown as SchedulerSpec;
    expect(() => from_spec({ param_groups: groups }, spec)).toThrow(
      `${most} 3 schedulers for 50001 parameter groups`,
    );
    expect(groups).toEqual(groups.map(() => ({ lr: 1 })));
  });

  test("learning rates of all schedules of a recipe together", () => {
    const recipe_of = (names: number, schedules: number) => {
      const first = { groups: Array.from({ length: names }, (_, i) => `${i}`), schedule: STEP };
      const more = Array.from({ length: schedules - 1 }, (_, i) => ({
        option: `option_${i}`,
        schedule: STEP,
      }));
      return { type: "Recipe", schedules: [first, ...more] };
    };
    // One group for each name, and one for the rest.
    expect(problems_of(recipe_of(999, 101))).toEqual([
      "schedules: must have at most 100000 learning rates, got 101 schedulers for 1000 parameter groups",
    ]);
    expect(problems_of(recipe_of(999, 100))).toEqual([]);
  });

  test("a number of groups that can be none is refused by name", () => {
    for (const [groups, error] of [
      [0, RangeError],
      [2.5, RangeError],
      [1e9, RangeError],
      [Number.NaN, RangeError],
      ["3", TypeError],
      [[3], TypeError],
    ] as const) {
      const refusal = thrown(() => check_spec(STEP, { groups: groups as number }));
      expect(refusal).toBeInstanceOf(error);
      expect(refusal.message).toMatch(/^check_spec: groups must be a whole number of at least 1/);
    }
  });

  test("of many mistakes the first hundred are told", () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ type: `Step${i}LR` }));
    const problems = check_spec(chain_of(many));
    expect(problems).toHaveLength(101);
    expect(problems[99].path).toBe("schedulers[99].type");
    expect(problems[100]).toEqual({ path: "spec", message: "has more mistakes than these 100" });
    const exactly = check_spec(chain_of(many.slice(0, 100)));
    expect(exactly).toHaveLength(100);
    expect(exactly.at(-1)?.path).toBe("schedulers[99].type");
  });

  test("the path of a mistake is short, however deep it is and however long the names are", () => {
    let table: unknown = Array(500).fill(Infinity);
    for (let i = 0; i < 60; i++) table = { [`${i}${"\u202e.[".repeat(100)}`]: table };
    const problems = check_spec({ type: "HostileLR", table });
    expect(problems.length).toBeGreaterThan(0);
    const { message } = new SpecError(problems);
    expect(message.length).toBeLessThan(100_000);
    expect(message.replaceAll("\n", "")).not.toMatch(UNSEEN);
  });
});

describe("a spec that is read", () => {
  /** An object of which every property gives its value once, and another one ever after. */
  function fickle(values: object, others: object): { spec: object; reads: () => number[] } {
    const reads = new Map<string, number>();
    const spec = {};
    for (const [key, value] of Object.entries(values)) {
      reads.set(key, 0);
      Object.defineProperty(spec, key, {
        enumerable: true,
        get: () => {
          const count = reads.get(key) ?? 0;
          reads.set(key, count + 1);
          return count === 0 ? value : (others as Record<string, unknown>)[key];
        },
      });
    }
    return { spec, reads: () => [...reads.values()] };
  }

  const good = { type: "StepLR", step_size: 3, gamma: 0.5 };
  const evil = { type: "None; import os", step_size: "1); import os  #", gamma: -1 };

  test.each(Object.entries(TAKERS))("%s reads every property once, and goes by that", (_, take) => {
    const wanted = take(good as SchedulerSpec);
    const { spec, reads } = fickle(good, evil);
    expect(take(spec as SchedulerSpec)).toEqual(wanted);
    expect(reads()).toEqual([1, 1, 1]);
    const inside = fickle(good, evil);
    const nested = chain_of([inside.spec, good]) as unknown as SchedulerSpec;
    expect(take(nested)).toEqual(take(chain_of([good, good]) as unknown as SchedulerSpec));
    expect(inside.reads()).toEqual([1, 1, 1]);
  });

  test.each(Object.entries(TAKERS))("%s reads a proxy as what it says first", (_, take) => {
    const milestones = new Proxy([3, 5], {
      get: (list, key, self) => (key === "1" ? answers.shift() : Reflect.get(list, key, self)),
    });
    let answers: unknown[] = [5, "x", "y"];
    const wanted = take({ type: "MultiStepLR", milestones: [3, 5] });
    expect(take({ type: "MultiStepLR", milestones })).toEqual(wanted);
    answers = [4, "x", "y"];
    expect(take({ type: "MultiStepLR", milestones })).toEqual(
      take({ type: "MultiStepLR", milestones: [3, 4] }),
    );
  });

  test("says so where something cannot be read", () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const broken = {
      type: "MultiStepLR",
      milestones: proxy,
      get gamma() {
        throw new Error("a bad sector");
      },
    };
    expect(problems_of(broken)).toEqual(["spec: cannot be read"]);
    expect(problems_of({ type: "MultiStepLR", milestones: proxy })).toEqual([
      "milestones: cannot be read",
    ]);
  });

  test("is plain data, with nothing in it that JSON cannot hold", () => {
    const refused: [unknown, string][] = [
      [new Float32Array(3), "must be plain data, got an object of a class"],
      [new Date(0), "must be plain data, got an object of a class"],
      [new Map(), "must be plain data, got an object of a class"],
      [Object(3), "must be plain data, got an object of a class"],
      [Object.create({ inherited: 1 }), "must be plain data, got an object of a class"],
      [() => 1, "is a function, which cannot be written down"],
      [1n, "must be what JSON can hold, got 1"],
      [Symbol("x"), "must be what JSON can hold, got Symbol(x)"],
      [Infinity, "must be what JSON can hold, got Infinity"],
    ];
    for (const [value, message] of refused) {
      expect(problems_of({ type: "HostileLR", value })).toEqual([`value: ${message}`]);
      expect(problems_of({ type: "HostileLR", value: [value] })).toEqual([`value[0]: ${message}`]);
    }
    expect(problems_of({ type: "HostileLR", value: new Array(2) })).toEqual([
      "value[0]: must be what JSON can hold, got undefined",
      "value[1]: must be what JSON can hold, got undefined",
    ]);
  });
});

describe("a text", () => {
  test("with a byte order mark is read as without one", () => {
    const json = '{"type": "StepLR", "step_size": 3}';
    expect(parse_spec(`\uFEFF${json}`)).toEqual(STEP);
    expect(parse_spec(`\uFEFF \n${json}`)).toEqual(STEP);
    expect(parse_spec("\uFEFFstep(step_size=3)")).toEqual(STEP);
    const refusal = thrown(() => parse_spec('\uFEFF{"type" "StepLR"}'));
    expect(refusal.message).toBe(
      'expected ":", got "\\""\n  \\ufeff{"type" "StepLR"}\n                ^',
    );
  });

  test("that is none, or too long, is refused by name", () => {
    for (const text of [5, null, undefined, {}, ["linear"]]) {
      const refusal = thrown(() => parse_spec(text as string));
      expect(refusal).toBeInstanceOf(TypeError);
      expect(refusal.message).toMatch(/^parse_spec: text must be a string, got /);
    }
    const long = thrown(() => parse_spec("linear + ".repeat(1e6)));
    expect(long).toBeInstanceOf(RangeError);
    expect(long.message).toBe("parse_spec: text must have at most 4000000 characters, got 9000000");
  });

  test.each([
    ["a long name", "x".repeat(1e5)],
    ["a long option", `step(${"x".repeat(1e5)}=1)`],
    ["a long option twice", `step(${"x".repeat(1e5)}=1, ${"x".repeat(1e5)}=1)`],
    ["a long number", `linear:${"9".repeat(1e6)}`],
    ["a long string", `plateau(mode="${"x".repeat(1e5)}")`],
    ["brackets", `step(step_size=${"[".repeat(1e5)})`],
    ["parentheses", "(".repeat(1e5)],
    ["groups", "(linear:1)+".repeat(2e4)],
    ["phases", "linear:1>".repeat(2e4)],
    ["commas", `multistep(milestones=[${",".repeat(1e5)}])`],
    ["spaces", `linear:1${" ".repeat(1e5)}!`],
    ["options", `step(${Array.from({ length: 1e4 }, (_, i) => `k${i}=1`).join()})`],
    ["JSON without end", '{"a":'.repeat(1e5)],
    ["a JSON string without end", `{"type": "${"\\u0041".repeat(1e5)}`],
    ["JSON lists", `{"type": [${"[],".repeat(2e4)}[]]}`],
  ])("of nothing but %s is refused, and little is said", (_, text) => {
    const refusal = thrown(() => parse_spec(text));
    expect(refusal instanceof SpecSyntaxError || refusal instanceof SpecError).toBe(true);
    expect(refusal.message.length).toBeLessThan(2000);
  });

  test("is shown with what is not seen as its escape, and the caret below the mistake", () => {
    for (const [text, line, caret] of [
      ["linear:10 > \x1b[2J", "linear:10 > \\u001b[2J", 12],
      ["\u009b31m", "\\u009b31m", 0],
      ["plateau(mode=\u202e\u202emax)", "plateau(mode=\\u202e\\u202emax)", 13],
      ['plateau(mode="\u202e", x', 'plateau(mode="\\u202e", x', 24],
      ["linear:10\t> \x07", "linear:10 > \\u0007", 12],
      ["linear > \u2028cosine", "linear > \\u2028cosine", 15],
      ["😀", "😀", 0],
      // Long lines are cut, but not within a character.
      [`"${"a".repeat(38)}😀${"b".repeat(50)}`, `"${"a".repeat(38)}😀…`, 0],
      [`plateau(mode="😀${"a".repeat(35)}", x)`, `…${"a".repeat(35)}", x)`, 40],
    ] as const) {
      const [said, shown, below] = thrown(() => parse_spec(text)).message.split("\n");
      expect(said).not.toMatch(UNSEEN);
      expect([shown, below]).toEqual([`  ${line}`, `${" ".repeat(caret + 2)}^`]);
      expect(shown).not.toMatch(UNSEEN);
    }
  });

  test("whatever it is, it is shown safely, with the caret below the character", () => {
    const piece = fc.constantFrom(
      ...'linear:3 plateau(mode= ( ) > + , \x1b[2J \x9b \u202e \u2028 😀 \ud83d { " [ 1 \t \n'.split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        try {
          parse_spec(text);
        } catch (error) {
          const lines = (error as Error).message.split("\n");
          for (const line of lines) expect(line).not.toMatch(UNSEEN);
          if (!(error instanceof SpecSyntaxError)) return;
          const [, shown, caret] = lines;
          const character = text.slice(error.position).match(/^[^\n]/u)?.[0] ?? "";
          const seen = character === "\t" ? " " : character;
          const column = caret.indexOf("^");
          const found = shown.slice(column);
          if (UNSEEN.test(seen)) expect(found).toMatch(/^\\u[0-9a-f]{4}/);
          else expect(found.startsWith(seen)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("that is JSON is read where JSON.parse reads it, as the same", () => {
    const odd = fc.constantFrom(
      ...'{}[]":,.+-0e1tn \\\u00a0\u0000',
      "null",
      "-0",
      "01",
      ".5",
      "1e9",
    );
    const text = fc
      .tuple(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
        fc.nat(),
        fc.option(odd),
        fc.nat(2),
      )
      .map(([object, at, piece, cut]) => {
        const json = JSON.stringify({ type: "HostileLR", ...object });
        const place = 1 + (at % (json.length - 1));
        return piece === null ? json : json.slice(0, place) + piece + json.slice(place + cut);
      });
    fc.assert(
      fc.property(text, (text) => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          expect(() => parse_spec(text)).toThrow(SpecSyntaxError);
          return;
        }
        const problems = check_spec(parsed);
        if (problems.length === 0) expect(parse_spec(text)).toEqual(parsed);
        else expect(() => parse_spec(text)).toThrow(new SpecError(problems));
      }),
      { numRuns: 1000 },
    );
  });
});
