import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import { writable_tree } from "../../../support/arbitrary.ts";
import { schedulable } from "../../../support/curve.ts";
import { thrown } from "../../../support/refusal.ts";

const {
  check_spec,
  format_spec,
  from_spec,
  LRScheduler,
  parse_spec,
  register,
  simulate,
  SpecError,
  spec_length,
  stretch_spec,
  to_spec,
} = torch.optim.lr_scheduler;

type Spec = torch.optim.lr_scheduler.Spec;

function resolved(text: string, lengths: torch.optim.lr_scheduler.Lengths): string {
  return format_spec(parse_spec(text, lengths));
}

function problems(act: () => unknown): string[] {
  const error = thrown(act);
  expect(error).toBeInstanceOf(SpecError);
  return error.message.split("\n");
}

describe("lengths", () => {
  test.each([
    ["linear:5% > cosine:95%", { total: 1000 }, "linear:50 > cosine:950"],
    ["linear:2ep > cosine:88ep", { steps_per_epoch: 391 }, "linear:782 > cosine:34408"],
    [
      "linear:100 > cosine:90% > constant:50",
      { total: 1000 },
      "linear:100 > cosine:900 > constant:50",
    ],
    // 12.5, 25, 62.5 and 100 of 100: halves are rounded up, and what is laid end to end stays so.
    [
      "linear:12.5% > constant:12.5% > cosine:37.5% > linear:37.5%",
      { total: 100 },
      "linear:13 > constant:12 > cosine:38 > linear:37",
    ],
    ["linear:5% > cosine:100%@5%", { total: 60 }, "linear:3 > cosine:60@3"],
    [
      "linear:1ep > step:2ep(step_size=50%) > exp(gamma=0.9)",
      { total: 9, steps_per_epoch: 4 },
      "linear:4 > step:8(step_size=5) > exponential(gamma=0.9)",
    ],
    [
      "multistep(milestones=[30%, 60%, 89.9%])",
      { total: 90 },
      "multistep(milestones=[27, 54, 81])",
    ],
    [
      "keyframes(epochs=[0, 10%, 100%], factors=[0, 1, 0])",
      { total: 30 },
      "keyframes(epochs=[0, 3, 30], factors=[0, 1, 0])",
    ],
    [
      "linear:10% > (linear:5% > cosine:35%):50% > restarts:20%",
      { total: 200 },
      "linear:20 > (linear:10 > cosine:70):100 > restarts:40",
    ],
    [
      "(cosine:50% + linear:10%) > plateau(patience=1%, cooldown=2%)",
      { total: 100 },
      "(cosine:50 + linear:10):50 > plateau(patience=1, cooldown=2)",
    ],
    [
      "lr = linear:5% > cosine:95%; weight_decay = ramp:100%(end_factor=2)",
      { total: 40 },
      "lr = linear:2 > cosine:38; weight_decay = ramp:40(end_factor=2)",
    ],
    // A warm-up may be rounded away.
    ["linear:1% > cosine:99%", { total: 20 }, "linear:0 > cosine:20"],
  ])("%s", (text, lengths, numbers) => {
    expect(resolved(text, lengths)).toBe(numbers);
  });

  test("are the same in JSON, for parse_spec, from_spec, check_spec and simulate", () => {
    const spec: Spec = {
      type: "SequentialLR",
      milestones: ["5%"],
      schedulers: [
        { type: "LinearLR", total_iters: "5%" },
        { type: "CosineAnnealingLR", T_max: "95%" },
      ],
    };
    const lengths = { total: 1000 };
    const numbers = parse_spec("linear:50 > cosine:950");
    expect(parse_spec(JSON.stringify(spec), lengths)).toEqual(numbers);
    expect(to_spec(from_spec(schedulable(), spec, lengths))).toEqual({
      ...numbers,
      schedulers: numbers.type === "SequentialLR" ? numbers.schedulers : [],
    });
    expect(check_spec(spec, lengths)).toEqual([]);
    expect(simulate(spec, { epochs: 60, ...lengths })).toEqual(simulate(numbers, { epochs: 60 }));
  });

  test("end where the whole ends, whatever the shares are", () => {
    const share = fc.double({ min: 1, max: 40, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 400, max: 1e6 }),
        (shares, total) => {
          const all = shares.reduce((a, b) => a + b, 0);
          const percents = shares.map((part) => Math.floor((part / all) * 1e4) / 100);
          const text = percents.map((percent) => `linear:${percent}%`).join(" > ");
          const spec = parse_spec(text, { total });
          const end = percents.reduce((a, b) => a + b, 0);
          expect(spec_length(spec)).toBe(Math.floor((end * total) / 100 + 0.5));
        },
      ),
    );
  });

  test("that cannot be told are refused, with the option's path and what is missing", () => {
    expect(problems(() => parse_spec("linear:5% > cosine:95%"))).toEqual([
      "milestones[0]: needs total, got none",
      "schedulers[0].total_iters: needs total, got none",
      "schedulers[1].T_max: needs total, got none",
    ]);
    expect(problems(() => from_spec(schedulable(), { type: "StepLR", step_size: "2ep" }))).toEqual([
      "step_size: needs steps_per_epoch, got none",
    ]);
    expect(problems(() => parse_spec("cosine:101%", { total: 9 }))).toEqual([
      "T_max: must be a share of at most 100%, got 101%",
    ]);
    expect(problems(() => parse_spec("linear:60% > cosine:60%", { total: 9 }))).toEqual([
      "schedulers[1].T_max: must end at 100% of the total, got 120%",
    ]);
    expect(
      problems(() => parse_spec("linear:10% > cosine:0.1% > constant:80%", { total: 99 })),
    ).toEqual([
      "schedulers[1]: has no step of 99; a total of 104 would do",
      "schedulers[1].T_max: has no step of 99; a total of 104 would do",
    ]);
    expect(thrown(() => parse_spec("exp(gamma=5%)", { total: 9 })).message).toContain(
      'gamma: must be a finite number of at least 0, got "5%"',
    );
    expect(thrown(() => parse_spec("linear:5 %", { total: 9 })).message).toMatch(/^expected /);
    expect(thrown(() => parse_spec("linear:5", { total: 0 })).message).toBe(
      "parse_spec: total must be a whole number of at least 1, got 0",
    );
    expect(thrown(() => check_spec({}, { steps_per_epoch: "x" as never })).message).toBe(
      'check_spec: steps_per_epoch must be a whole number of at least 1, got "x"',
    );
  });

  test("of hostile size are refused in bounded time", () => {
    const phases = Array.from({ length: 300 }, () => "constant:0.00000001%").join(" > ");
    const [first] = problems(() => parse_spec(`${phases} > linear`, { total: 1e6 }));
    expect(first).toMatch(/^schedulers\[\d+\](\.total_iters)?: has no step of 1000000/);
    for (const length of [`${"9".repeat(400)}%`, `${"9".repeat(400)}ep`]) {
      const act = () => parse_spec(`cosine:${length}`, { total: 9, steps_per_epoch: 9 });
      expect(thrown(act).message.length).toBeLessThan(300);
    }
  });

  test("tell the least total that would do", () => {
    const text = "linear:10% > cosine:0.1% > constant:80%";
    const [, least] =
      /a total of (\d+)/.exec(problems(() => parse_spec(text, { total: 99 }))[0]) ?? [];
    expect(() => parse_spec(text, { total: Number(least) - 1 })).toThrow(SpecError);
    expect(() => parse_spec(text, { total: Number(least) })).not.toThrow();
  });
});

describe("stretch_spec", () => {
  test.each([
    ["linear:10 > cosine:90", 1000, "linear:100 > cosine:900"],
    ["linear:10 > cosine:90", 15, "linear:2 > cosine:13"],
    ["linear:5 > cosine:300@5", 600, "linear:10 > cosine:600@10"],
    // The phase begins at 1.4 and would have begun at 0.6, in one and the same step: it has none behind it.
    ["linear:5 > cosine:33@3", 10, "linear:1 > cosine:9"],
    [
      "(linear:10 > cosine:90):100 > multistep:50(milestones=[20, 21, 40]) > linear",
      31,
      "(linear:2 > cosine:18):20 > multistep:10(milestones=[4, 4, 8]) > linear:1",
    ],
    [
      "linear:10 > (exp(gamma=0.81) + cosine:90)",
      200,
      "linear:20 > (exponential(gamma=0.9) + cosine:180)",
    ],
    ["restarts:10(T_mult=2)", 25, "restarts:25(T_mult=2)"],
    [
      "keyframes(epochs=[0, 10], factors=[0, 1]) + linear:20",
      40,
      "keyframes(epochs=[0, 20], factors=[0, 1]) + linear:40",
    ],
    ["OneCycleLR(max_lr=1, epochs=5, steps_per_epoch=20)", 300, "onecycle:300(max_lr=1)"],
    [
      "lr = cosine:90; weight_decay = ramp:45(end_factor=2)",
      180,
      "lr = cosine:180; weight_decay = ramp:90(end_factor=2)",
    ],
    ["constant:9 + step(step_size=2)", 3, "constant:3 + step(step_size=1)"],
    ["constant:9 + step(step_size=1)", 3, "constant:3 + step(step_size=1)"],
  ])("%s to %i", (text, total, wanted) => {
    const stretched = format_spec(stretch_spec(parse_spec(text), { total }));
    expect(stretched.replace(/0\.9\d{10,}|0\.8999\d+/, "0.9")).toBe(wanted);
  });

  test("writes out and stretches defaults that count epochs", () => {
    expect(stretch_spec({ type: "LinearLR" }, { total: 50 })).toEqual({
      type: "LinearLR",
      total_iters: 50,
    });
    expect(stretch_spec(parse_spec("cosine:10 + plateau"), { total: 30 })).toMatchObject({
      schedulers: [{ T_max: 30 }, { patience: 30, cooldown: 0 }],
    });
  });

  test("gives a spec of the length asked for, and the same curve at its own length", () => {
    fc.assert(
      fc.property(writable_tree, fc.integer({ min: 1, max: 400 }), (tree, total) => {
        const spec = tree as unknown as Spec;
        const length = spec_length(spec);
        if (!length) return;
        let stretched: Spec;
        try {
          stretched = stretch_spec(spec, { total });
        } catch (error) {
          // Phases that fall together cannot be written.
          expect(error).toBeInstanceOf(SpecError);
          return;
        }
        expect(check_spec(stretched)).toEqual([]);
        // A period is rounded by itself, and what must be at least 1 may be longer than its share.
        const has_periods = /"(T_0|num_stable_steps)":/.test(JSON.stringify(spec));
        if (total >= length && !has_periods) expect(spec_length(stretched)).toBe(total);
        const same = stretch_spec(spec, { total: length });
        const run = (each: Spec) => simulate(each, { epochs: 12, metrics: () => 1 }).lrs;
        expect(run(same)).toEqual(run(spec));
      }),
      { numRuns: 200 },
    );
  });

  test("asks a registered class which of its options count epochs", () => {
    class StretchedLR extends LRScheduler<{ half_life: number }> {
      get_lr(): number[] {
        return this.base_lrs.map(
          (base) => base * 0.5 ** (this.last_epoch / this.options.half_life),
        );
      }
    }
    class SilentLR extends LRScheduler<{ half_life: number }> {
      get_lr(): number[] {
        return [...this.base_lrs];
      }
    }
    register("StretchedLR", StretchedLR as never, { half_life: "period" });
    register("SilentLR", SilentLR as never);
    const of = (type: string) => parse_spec(`linear:10 + ${type}(half_life=4)`);
    expect(stretch_spec(of("StretchedLR"), { total: 30 })).toMatchObject({
      schedulers: [{ total_iters: 30 }, { half_life: 12 }],
    });
    expect(problems(() => stretch_spec(of("SilentLR"), { total: 30 }))).toEqual([
      "schedulers[1]: does not say which options of SilentLR count epochs, as register() can",
    ]);
  });

  test("refuses what has no length, what is no total, and shares, which are resolved", () => {
    expect(problems(() => stretch_spec(parse_spec("step(step_size=9)"), { total: 9 }))).toEqual([
      "spec: has no length, so it cannot be stretched",
    ]);
    expect(thrown(() => stretch_spec({ type: "LinearLR" }, { total: 0 })).message).toBe(
      "stretch_spec: total must be a whole number of at least 1, got 0",
    );
    expect(
      problems(() => stretch_spec({ type: "LinearLR", total_iters: "5%" }, { total: 9 })),
    ).toEqual(["total_iters: needs total, got none"]);
  });
});
