import fc from "fast-check";
import {
  check_spec,
  describe_schedulers,
  format_spec,
  parse_spec,
  type Spec,
  simulate,
  spec_length,
} from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { courseOf } from "../src/chart/course.ts";
import { boundaryRange, endRange, moveBoundary, moveEnd } from "../src/compose/boundary.ts";
import { changeType, setLength, setOption, setStart } from "../src/compose/change.ts";
import { freshNode, PARTS } from "../src/compose/fresh.ts";
import { blockAt, blocksOf, lengthOf, tracksOf } from "../src/compose/layout.ts";
import { writtenLike } from "../src/compose/lengths.ts";
import { addSchedule, removeSchedule, setMoved, toPlain, toRecipe } from "../src/compose/recipe.ts";
import {
  duplicate,
  type Edit,
  insert,
  nest,
  nestWithNext,
  remove,
  reorder,
  split,
  unnest,
} from "../src/compose/structure.ts";
import { asSpec, type Node, placeOf } from "../src/compose/tree.ts";
import { type Plan, problemsOf, resolvedSpec } from "../src/studio/plan.ts";

const LR = 0.1;
const epochs = fc.integer({ min: 1, max: 12 });
const factor = fc.constantFrom(0.1, 0.25, 0.5, 0.9, 1);

/** Schedulers whose curve no metric decides, with lengths that may differ from their phase's. */
const leaf: fc.Arbitrary<Node> = fc.oneof(
  fc.record({ type: fc.constant("LinearLR"), start_factor: factor, total_iters: epochs }),
  fc.record({ type: fc.constant("ConstantLR"), factor, total_iters: epochs }),
  fc.record({ type: fc.constant("CosineAnnealingLR"), T_max: epochs }),
  fc.record({ type: fc.constant("StepLR"), step_size: epochs, gamma: factor }),
  fc.record({ type: fc.constant("ExponentialLR"), gamma: factor }),
  fc.record({ type: fc.constant("CosineAnnealingWarmRestarts"), T_0: epochs }),
  fc.record({
    type: fc.constant("LinearScheduleWithWarmup"),
    num_warmup_steps: epochs,
    num_training_steps: epochs,
  }),
);

function sequenceOf(child: fc.Arbitrary<Node>): fc.Arbitrary<Node> {
  return fc
    .array(fc.tuple(child, epochs, fc.constantFrom(0, 0, 3)), { minLength: 2, maxLength: 4 })
    .map((phases) => {
      const ends = phases.map((_, i) =>
        phases.slice(0, i + 1).reduce((end, [, length]) => end + length, 0),
      );
      const starts = phases.map(([, , start]) => start);
      return {
        type: "SequentialLR",
        schedulers: phases.map(([node]) => node),
        milestones: ends.slice(0, -1),
        ...(starts.some(Boolean) ? { starts } : {}),
      };
    });
}

/** Sequences of which every phase is seen, as the last one does not begin behind its own end. */
const seen = sequenceOf(leaf).filter((node) =>
  blocksOf({ spec: asSpec(node), lr: LR }).every(({ start, end }) => start < end),
);

const chainOf = (child: fc.Arbitrary<Node>): fc.Arbitrary<Node> =>
  fc
    .array(child, { minLength: 2, maxLength: 3 })
    .map((schedulers) => ({ type: "ChainedScheduler", schedulers }));

const inner = fc.oneof({ weight: 3, arbitrary: leaf }, sequenceOf(leaf), chainOf(leaf));
const sequence = sequenceOf(inner);
const tree = fc.oneof({ weight: 3, arbitrary: sequence }, chainOf(inner), leaf);

/** Milestones and lengths as shares of a total that has room for all of them. */
function inShares(node: Node, total: number): Node {
  const share = (steps: unknown) => `${(Number(steps) * 100) / total}%`;
  const { milestones, schedulers } = node;
  if (!Array.isArray(milestones) || !Array.isArray(schedulers)) return node;
  return { ...node, milestones: milestones.map(share), schedulers };
}

const counted = fc
  .tuple(tree, fc.constantFrom("plain", "total", "shares"))
  .map(([node, kind]): Plan => {
    const plan = { spec: asSpec(node), lr: LR };
    if (kind === "plain") return plan;
    const total = 200;
    return kind === "total"
      ? { ...plan, total }
      : { ...plan, total, spec: asSpec(inShares(node, total)) };
  });
const plans = counted.filter((plan) => problemsOf(plan).length === 0);

/** A plan, and one of its blocks. */
const atBlock = fc
  .tuple(plans, fc.nat())
  .map(([plan, pick]) => ({ plan, block: blocksOf(plan)[pick % blocksOf(plan).length] }));

function curve(plan: Plan, length: number): number[] {
  return simulate(resolvedSpec(plan), { epochs: Math.max(1, length), lr: LR }).lrs[0];
}

function expectSame(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [epoch, lr] of expected.entries()) expect(actual[epoch]).toBeCloseTo(lr, 10);
}

/** What holds for every edit of a sound plan. */
function expectSound(edit: Edit | undefined): void {
  if (!edit) return;
  expect(problemsOf(edit.plan)).toEqual([]);
  expect(blockAt(edit.plan, edit.path)).toBeDefined();
}

describe("the blocks of a plan", () => {
  it("are as long as the chart is", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(lengthOf(plan)).toBe(courseOf(plan).length);
      }),
    );
  });

  it("begin where the phases of the course begin", () => {
    fc.assert(
      fc.property(sequence, (node) => {
        const plan = { spec: asSpec(node), lr: LR };
        const [{ block }] = tracksOf(plan);
        const shown = block.children
          .map(({ start, end }, index) => ({ index, start, end }))
          .filter(({ start, end }) => start < end);
        const course = courseOf(plan).phases.map(({ index, start, end }) => ({
          index,
          start,
          end,
        }));
        expect(shown).toEqual(course);
      }),
    );
  });

  it("are drawn of a spec that is wrong everywhere", () => {
    const wrong = { type: "SequentialLR", schedulers: [null, "a", { type: 5 }], milestones: "no" };
    const plan = { spec: wrong as unknown as Spec, lr: LR };
    expect(blocksOf(plan)).toHaveLength(4);
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const spec = {
          type: "SequentialLR",
          schedulers: [json, { type: "Recipe", schedules: json }],
          milestones: [json],
        };
        expect(lengthOf({ spec: spec as unknown as Spec, lr: LR })).toBeGreaterThan(0);
        const recipe = { type: "Recipe", schedules: json };
        expect(lengthOf({ spec: recipe as unknown as Spec, lr: LR })).toBeGreaterThan(0);
      }),
    );
  });
});

describe("a boundary that is moved", () => {
  const boundary = fc
    .tuple(plans, fc.nat(), fc.nat(), fc.integer({ min: -5, max: 60 }))
    .map(([plan, pick, phase, to]) => {
      const sequences = blocksOf(plan).filter(({ kind }) => kind === "sequence");
      const block = sequences[pick % Math.max(1, sequences.length)];
      return { plan, block, index: block ? phase % (block.children.length - 1) : 0, to };
    })
    .filter(({ block }) => block !== undefined);

  it("leaves the plan sound and as long as it was, and goes no farther than its neighbours", () => {
    fc.assert(
      fc.property(boundary, ({ plan, block, index, to }) => {
        const range = boundaryRange(plan, block.path, index);
        const next = moveBoundary(plan, block.path, index, to);
        expect(problemsOf(next)).toEqual([]);
        const moved = boundaryRange(next, block.path, index);
        expect(moved?.epoch).toBe(Math.min(Math.max(to, range?.least ?? 0), range?.most ?? 0));
        const others = block.children.map((_, i) => i).filter((i) => i !== index);
        for (const i of others) {
          expect(boundaryRange(next, block.path, i)?.epoch).toBe(
            boundaryRange(plan, block.path, i)?.epoch,
          );
        }
      }),
    );
  });

  it("takes along the length of what ended with it, and of what goes on to the end", () => {
    const plan = { spec: parse_spec("linear:10 > cosine:90"), lr: LR };
    expect(format_spec(moveBoundary(plan, "", 0, 25).spec)).toBe("linear:25 > cosine:75");
    const other = {
      spec: parse_spec("linear:10(total_iters=4) > cosine:90 > step(step_size=5)"),
      lr: LR,
    };
    expect(format_spec(moveBoundary(other, "", 0, 20).spec)).toBe(
      "linear:20(total_iters=4) > cosine:80 > step(step_size=5)",
    );
    const nested = {
      spec: parse_spec("linear:10 > (cosine:40 > (constant:50 + linear:50)):90 > exp(gamma=0.9)"),
      lr: LR,
    };
    expect(format_spec(moveBoundary(nested, "", 1, 80).spec)).toBe(
      "linear:10 > (cosine:40 > (constant:30 + linear:30)):70 > exponential(gamma=0.9)",
    );
  });

  it("stays a share where it was one, with few digits", () => {
    const spec = {
      type: "SequentialLR",
      schedulers: [
        { type: "LinearLR", total_iters: "5%" },
        { type: "CosineAnnealingLR", T_max: "95%" },
      ],
      milestones: ["5%"],
    } as const;
    const plan = { spec, lr: LR, total: 1000 };
    expect(moveBoundary(plan, "", 0, 123).spec).toEqual({
      type: "SequentialLR",
      schedulers: [
        { type: "LinearLR", total_iters: "12.3%" },
        { type: "CosineAnnealingLR", T_max: "87.7%" },
      ],
      milestones: ["12.3%"],
    });
    const epochs = { ...plan, spec: { ...spec, milestones: ["2ep"] }, stepsPerEpoch: 30 } as const;
    expect(moveBoundary(epochs, "", 0, 75).spec).toMatchObject({ milestones: ["2.5ep"] });
  });

  it("says any number of steps as a share that comes to just as many", () => {
    const total = fc.integer({ min: 1, max: 1e6 });
    fc.assert(
      fc.property(
        total,
        fc.nat(1e6),
        fc.float({ min: 0, max: 1000, noNaN: true }),
        (total, steps, begin) => {
          const written = writtenLike("5%", steps % (total + 1), begin, { total });
          const exact =
            typeof written === "number" ? written : (Number.parseFloat(written) * total) / 100;
          expect(Math.floor(begin + exact + 0.5) - Math.floor(begin + 0.5)).toBe(
            steps % (total + 1),
          );
          expect(String(written)).not.toContain("e");
        },
      ),
    );
  });

  it("lets two halves of one curve go on as one", () => {
    const plan = { spec: parse_spec("cosine:90"), lr: LR };
    const { plan: halves } = split(plan, "", 40) ?? { plan };
    expectSame(curve(moveBoundary(halves, "", 0, 60), 90), curve(plan, 90));
  });

  it("is the end of a track, if something says how long it is", () => {
    const plan = { spec: parse_spec("linear:10 > cosine:90"), lr: LR };
    expect(format_spec(moveEnd(plan, "", 150).spec)).toBe("linear:10 > cosine:140");
    expect(format_spec(moveEnd(plan, "", 3).spec)).toBe("linear:10 > cosine:1");
    expect(moveEnd({ ...plan, total: 100 }, "", 150)).toMatchObject({
      total: 150,
      spec: parse_spec("linear:10 > cosine:140"),
    });
    expect(endRange({ spec: parse_spec("step(step_size=3)"), lr: LR }, "")).toBeUndefined();
  });
});

describe("phases that change their places", () => {
  it("take their lengths along, and leave the curve before them as it was", () => {
    fc.assert(
      fc.property(atBlock, fc.nat(), ({ plan, block }, pick) => {
        const place = placeOf(block.path);
        const parent = place && blockAt(plan, place.parent);
        if (!parent || !place) return;
        const to = pick % parent.children.length;
        const edit = reorder(plan, block.path, to);
        expectSound(edit);
        if (!edit || parent.kind !== "sequence") return;
        const first = parent.children[Math.min(to, place.index)].start;
        if (first > 0) expectSame(curve(edit.plan, first), curve(plan, first));
      }),
    );
  });

  it("come back by the way they went", () => {
    const plan = {
      spec: parse_spec("linear:10 > cosine:30@4 > step:20(step_size=4) > exp(gamma=0.9)"),
      lr: LR,
    };
    const there = reorder(plan, "schedulers[0]", 2);
    expect(there && format_spec(there.plan.spec)).toBe(
      "cosine:30@4 > step:20(step_size=4) > linear:10 > exponential(gamma=0.9)",
    );
    const back = there && reorder(there.plan, there.path, 0);
    expect(back?.plan.spec).toEqual(plan.spec);
  });
});

describe("a scheduler that is cut in two", () => {
  it("gives the same curve", () => {
    fc.assert(
      fc.property(atBlock, fc.nat(), ({ plan, block }, pick) => {
        const inside = block.end - block.start - 1;
        if (inside < 1) return;
        const edit = split(plan, block.path, block.start + 1 + (pick % inside));
        expectSound(edit);
        if (!edit || isInChain(plan, block.path)) return;
        const length = lengthOf(plan);
        expectSame(curve(edit.plan, length), curve(plan, length));
      }),
    );
  });

  it("is not cut at its ends or outside", () => {
    const plan = { spec: parse_spec("linear:10 > cosine:90"), lr: LR };
    for (const epoch of [0, 5, 10, 100, 200])
      expect(split(plan, "schedulers[1]", epoch)).toBeUndefined();
  });
});

/** In a chain a member moves by another form alone than in a sequence, where its floors differ. */
function isInChain(plan: Plan, path: string): boolean {
  const place = placeOf(path);
  if (!place) return false;
  return blockAt(plan, place.parent)?.kind === "chain" || isInChain(plan, place.parent);
}

describe("a scheduler that is put in", () => {
  const types = describe_schedulers()
    .filter(({ is_spec_type }) => is_spec_type)
    .map(({ type }) => type);
  const leaves = types.filter((type) => !["SequentialLR", "ChainedScheduler"].includes(type));

  it.each(leaves)("is sound, for any length and place: %s", (type) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.boolean(), (epochs, isFirst) => {
        const node = freshNode(type, { epochs, base: LR, option: "lr", isFirst });
        expect(check_spec(asSpec(node))).toEqual([]);
      }),
    );
  });

  it("leaves what is before it as it was, and lets the rest begin later", () => {
    const where = fc.constantFrom("before" as const, "after" as const);
    fc.assert(
      fc.property(
        atBlock,
        where,
        epochs,
        fc.constantFrom(...leaves),
        ({ plan, block }, where, epochs, type) => {
          const node = freshNode(type, { epochs, base: LR, option: "lr", isFirst: false });
          const edit = insert(plan, block.path, where, node, epochs);
          if (isInChain(plan, block.path)) return;
          expectSound(edit);
          const at = where === "before" ? block.start : block.end;
          if (!edit || at === 0 || at === lengthOf(plan)) return;
          const metrics = simulate(resolvedSpec(edit.plan), {
            epochs: at,
            lr: LR,
            metrics: () => 1,
          });
          expectSame(metrics.lrs[0], curve(plan, at));
        },
      ),
    );
  });

  it("makes the total longer, and leaves the other shares where they are", () => {
    const spec = {
      type: "SequentialLR",
      schedulers: [
        { type: "LinearLR", total_iters: "10%" },
        { type: "CosineAnnealingLR", T_max: "90%" },
      ],
      milestones: ["10%"],
    } as const;
    const { plan } =
      insert(
        { spec, lr: LR, total: 1000 },
        "schedulers[1]",
        "after",
        PARTS[3].make({ epochs: 250, base: LR, option: "lr", isFirst: false }),
        250,
      ) ?? {};
    expect(plan?.total).toBe(1250);
    expect(plan?.spec).toEqual({
      type: "SequentialLR",
      schedulers: [
        { type: "LinearLR", total_iters: "8%" },
        { type: "CosineAnnealingLR", T_max: "72%" },
        { type: "LinearLR", start_factor: 1, end_factor: 0, total_iters: 250 },
      ],
      milestones: ["8%", "80%"],
    });
  });
});

describe("a copy and what is taken away", () => {
  it("undo each other, in sequences", () => {
    fc.assert(
      fc.property(seen, fc.nat(), fc.constantFrom(undefined, 200), (node, pick, total) => {
        const plan: Plan = {
          spec: asSpec(node),
          lr: LR,
          ...(total === undefined ? {} : { total }),
        };
        const path = `schedulers[${pick % (node.schedulers as unknown[]).length}]`;
        const copied = duplicate(plan, path);
        expectSound(copied);
        const back = copied && remove(copied.plan, copied.path);
        expect(back?.plan).toEqual(plan);
      }),
    );
  });

  it("leave every plan sound", () => {
    fc.assert(
      fc.property(atBlock, ({ plan, block }) => {
        expectSound(remove(plan, block.path));
        if (!isInChain(plan, block.path)) expectSound(duplicate(plan, block.path));
      }),
    );
  });

  it("leave a single scheduler standing for itself, and never nothing", () => {
    const plan = { spec: parse_spec("linear:10 > cosine:90"), lr: LR };
    const one = remove(plan, "schedulers[0]");
    expect(one).toEqual({
      plan: { spec: { type: "CosineAnnealingLR", T_max: 90 }, lr: LR },
      path: "",
    });
    expect(remove({ spec: parse_spec("cosine:90"), lr: LR }, "")).toBeUndefined();
  });
});

describe("nesting", () => {
  it("leaves the curve as it is, and can be undone", () => {
    fc.assert(
      fc.property(
        atBlock,
        fc.constantFrom("SequentialLR" as const, "ChainedScheduler" as const),
        ({ plan, block }, type) => {
          const nested = nest(plan, block.path, type);
          expectSound(nested);
          if (!nested || isInChain(plan, block.path)) return;
          const length = lengthOf(plan);
          expectSame(curve(nested.plan, length), curve(plan, length));
          const back = unnest(nested.plan, block.path);
          expectSound(back);
          if (back) expectSame(curve(back.plan, length), curve(plan, length));
        },
      ),
    );
  });

  it("of two phases leaves the curve as it is", () => {
    fc.assert(
      fc.property(atBlock, ({ plan, block }) => {
        const nested = nestWithNext(plan, block.path);
        expectSound(nested);
        if (!nested || isInChain(plan, block.path)) return;
        const length = lengthOf(plan);
        expectSame(curve(nested.plan, length), curve(plan, length));
      }),
    );
  });

  it("is taken apart without a change of the curve", () => {
    fc.assert(
      fc.property(atBlock, ({ plan, block }) => {
        const apart = unnest(plan, block.path);
        expectSound(apart);
        if (!apart || isInChain(plan, block.path) || block.kind === "chain") return;
        const length = lengthOf(plan);
        expectSame(curve(apart.plan, length), curve(plan, length));
      }),
    );
  });
});

describe("another type, option or length", () => {
  const types = describe_schedulers()
    .filter(({ is_spec_type }) => is_spec_type)
    .map(({ type }) => type);

  it("leaves a sound plan sound, and its phases where they are", () => {
    fc.assert(
      fc.property(atBlock, fc.constantFrom(...types), ({ plan, block }, type) => {
        const edit = changeType(plan, block.path, type);
        expectSound(edit);
        const parent = placeOf(block.path)?.parent;
        if (!edit || parent === undefined || isInChain(plan, block.path)) return;
        expect(boundaryRange(edit.plan, parent, 0)?.epoch).toBe(
          boundaryRange(plan, parent, 0)?.epoch,
        );
      }),
    );
  });

  it("keeps what both types have in common", () => {
    const plan = { spec: parse_spec("linear:10(start_factor=0.2) > cosine:90"), lr: LR };
    expect(changeType(plan, "schedulers[0]", "RampLR")?.plan.spec).toMatchObject({
      schedulers: [{ type: "RampLR", total_iters: 10, start_factor: 0.2 }, {}],
    });
    expect(changeType(plan, "schedulers[1]", "LinearLR")?.plan.spec).toMatchObject({
      schedulers: [{}, { type: "LinearLR", total_iters: 90 }],
    });
  });

  it("is put in its place, and left out again", () => {
    const plan = { spec: parse_spec("linear:10 > cosine:90"), lr: LR };
    const set = setOption(plan, "schedulers[1]", "eta_min", 0.01);
    expect(format_spec(set.spec)).toBe("linear:10 > cosine:90(eta_min=0.01)");
    expect(setOption(set, "schedulers[1]", "eta_min", undefined)).toEqual(plan);
    expect(format_spec(setStart(plan, "schedulers[1]", 10).spec)).toBe("linear:10 > cosine:90@10");
    expect(setStart(setStart(plan, "schedulers[1]", 10), "schedulers[1]", 0)).toEqual(plan);
  });

  it("gives a phase another length, and what comes later begins so much later", () => {
    fc.assert(
      fc.property(
        seen,
        fc.nat(),
        epochs,
        fc.constantFrom(undefined, 200),
        (node, pick, epochs, total) => {
          const plan: Plan = {
            spec: asSpec(node),
            lr: LR,
            ...(total === undefined ? {} : { total }),
          };
          const count = (node.schedulers as unknown[]).length;
          const path = `schedulers[${pick % (count - 1)}]`;
          const next = setLength(plan, path, epochs);
          expect(problemsOf(next)).toEqual([]);
          const lengths = (of: Plan) =>
            tracksOf(of)[0]
              .block.children.slice(0, -1)
              .map(({ start, end }) => end - start);
          expect(lengths(next)).toEqual(lengths(plan).with(pick % (count - 1), epochs));
        },
      ),
    );
  });
});

describe("a recipe", () => {
  it("begins with the schedule that there was, and ends with one of its own", () => {
    const plan = { spec: parse_spec("linear:10 > cosine:90"), lr: LR };
    const recipe = toRecipe(plan);
    const more = recipe && addSchedule(recipe.plan);
    expect(more && format_spec(more.plan.spec)).toBe(
      "lr = linear:10 > cosine:90; weight_decay = ramp:100(end_factor=0.1, shape=cosine)",
    );
    const moved = more && setMoved(more.plan, 1, { option: "momentum", groups: [0, "xyz"] });
    expect(moved && format_spec(moved.plan.spec)).toBe(
      "lr = linear:10 > cosine:90; momentum[0, xyz] = ramp:100(end_factor=0.1, shape=cosine)",
    );
    expect(moved && tracksOf(moved.plan).map(({ option, groups }) => [option, groups])).toEqual([
      ["lr", undefined],
      ["momentum", [0, "xyz"]],
    ]);
    const less = moved && removeSchedule(moved.plan, 1);
    expect(less && toPlain(less.plan, 0)?.plan).toEqual(plan);
    expect(less && removeSchedule(less.plan, 0)).toBeUndefined();
  });

  it("has its boundaries moved like any other", () => {
    const plan = {
      spec: parse_spec("lr = linear:10 > cosine:90; momentum = ramp:100(end_factor=0.5)"),
      lr: LR,
    };
    const next = moveBoundary(plan, "schedules[0].schedule", 0, 20);
    expect(format_spec(next.spec)).toBe(
      "lr = linear:20 > cosine:80; momentum = ramp:100(end_factor=0.5)",
    );
    expect(spec_length(next.spec)).toBe(100);
  });
});
