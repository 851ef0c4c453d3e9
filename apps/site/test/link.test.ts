import fc from "fast-check";
import { deflateSync, strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { writable_tree } from "../../../packages/torch-optim/test/support/arbitrary.ts";
import { decodeLink, encodeLink, LinkError } from "../src/link/link.ts";
import type { Plan } from "../src/studio/plan.ts";
import type { Shared } from "../src/studio/studio.ts";

const SHARED: Shared = {
  plan: { spec: { type: "StepLR", step_size: 30 }, lr: 0.1 },
  view: { isLog: false, unit: "steps" },
  pins: [],
};

const positive = fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true });
const count = fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: undefined });
const anyPlan = fc.record(
  {
    spec: writable_tree as unknown as fc.Arbitrary<Plan["spec"]>,
    lr: positive,
    total: count,
    stepsPerEpoch: count,
    metrics: fc.option(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), {
      nil: undefined,
    }),
  },
  { requiredKeys: ["spec", "lr"] },
);
const anyShared: fc.Arbitrary<Shared> = fc.record({
  plan: anyPlan,
  view: fc.record({
    isLog: fc.boolean(),
    unit: fc.constantFrom("steps", "epochs", "shares"),
  }),
  pins: fc.array(fc.record({ name: fc.string({ unit: "binary", maxLength: 60 }), plan: anyPlan }), {
    maxLength: 3,
  }),
});

/** What a link with any text in it says. */
function linkOf(text: string): string {
  return Buffer.from(deflateSync(strToU8(text))).toString("base64url");
}

/** Reads a link as `SHARED` is one, but for some fields; gives what is wrong with it. */
function refusal(fragment: string): string {
  try {
    decodeLink(fragment);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return error.message;
  }
  return "";
}

/** Everything is refused or read, nothing else happens, and what is said is one sentence. */
function isSafe(fragment: string): void {
  const said = refusal(fragment);
  if (said !== "") expect(said).toMatch(/^(The|This) .{1,200}\.$/u);
}

describe("a link", () => {
  it("gives back what was put into it", () => {
    fc.assert(
      fc.property(anyShared, (shared) => {
        const asJson = JSON.parse(JSON.stringify(shared));
        expect(decodeLink(encodeLink(shared))).toEqual(asJson);
      }),
    );
  });

  it("may be given with its #", () => {
    expect(decodeLink(`#${encodeLink(SHARED)}`)).toEqual(SHARED);
  });

  it("has only characters that need no escape, and is short", () => {
    expect(encodeLink(SHARED)).toMatch(/^[\w-]{1,150}$/);
  });

  it("keeps a spec that is unsound, for the editor to show", () => {
    const spec = { type: "StepLR", step_size: "many" };
    const shared = { ...SHARED, plan: { ...SHARED.plan, spec } };
    expect(decodeLink(linkOf(JSON.stringify({ v: 1, ...shared })))).toEqual(shared);
  });

  it("is refused in making if it would be too long to read", () => {
    const spec = { type: "x".repeat(1_000_000) } as unknown as Plan["spec"];
    expect(() => encodeLink({ ...SHARED, plan: { ...SHARED.plan, spec } })).toThrow(LinkError);
  });
});

describe("a hostile link", () => {
  it("of any text is read or refused in a sentence", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), isSafe));
    fc.assert(fc.property(fc.webFragments(), isSafe));
  });

  it("of any bytes is read or refused in a sentence", () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(fc.property(bytes, (own) => isSafe(Buffer.from(own).toString("base64url"))));
  });

  it("of any JSON is read or refused in a sentence", () => {
    fc.assert(fc.property(fc.json(), (text) => isSafe(linkOf(text))));
    const fields = fc.record({ v: fc.constant(1), plan: fc.jsonValue(), view: fc.jsonValue() });
    fc.assert(fc.property(fields, (link) => isSafe(linkOf(JSON.stringify({ ...link, pins: [] })))));
  });

  it("with any of its fields replaced is read or refused in a sentence", () => {
    const field = fc.constantFrom("spec", "lr", "total", "stepsPerEpoch", "metrics");
    fc.assert(
      fc.property(field, fc.jsonValue(), (name, value) => {
        const plan = { ...SHARED.plan, [name]: value };
        isSafe(linkOf(JSON.stringify({ v: 1, ...SHARED, plan })));
      }),
    );
  });

  it("that was cut off says that its end is missing", () => {
    const whole = encodeLink(SHARED);
    for (let length = 1; length < whole.length - 1; length++) {
      expect(refusal(whole.slice(0, length))).toBe("The link is broken: its end is missing.");
    }
  });

  it.each([
    ["%", 'The link is broken: no link has the character "%".'],
    ["%E0%A4%A", 'The link is broken: no link has the character "%".'],
    ["<script>alert(1)</script>", 'The link is broken: no link has the character "<".'],
    ["𝕏", 'The link is broken: no link has the character "𝕏".'],
    ["_____", "The link is broken: its end is missing."],
    ["_____w", "The link is broken: what it holds cannot be unpacked."],
    ["#", "The link holds no schedule."],
    [linkOf("alert(1)"), "The link is broken: what it holds is no JSON."],
    [linkOf("[".repeat(900_000)), "The link is broken: what it holds is no JSON."],
    [linkOf("null"), "The link is broken: what it holds must be an object."],
    [linkOf("{}"), "The link holds no schedule."],
    [linkOf('{"v":2}'), "The link was made by a newer version of this page: reload it."],
  ])("such as %s says what is wrong", (fragment, message) => {
    expect(refusal(fragment)).toBe(message);
  });

  it.each([
    ["plan.lr must be a number above 0", { plan: { ...SHARED.plan, lr: 0 } }],
    ["plan.lr must be a number above 0", { plan: { ...SHARED.plan, lr: "0.1" } }],
    ["plan.total must be a whole number of at least 1", { plan: { ...SHARED.plan, total: 1.5 } }],
    ["plan.spec must be an object", { plan: { lr: 1, spec: "linear:10" } }],
    ["plan.spec.type must be the name of a scheduler", { plan: { lr: 1, spec: {} } }],
    ["view.unit must be one of steps, epochs, shares", { view: { isLog: true, unit: "years" } }],
    ["pins must be a list of at most 50", { pins: Array(51).fill(null) }],
    [
      "pins[0].name must be a text of at most 200 characters",
      { pins: [{ name: "x".repeat(201), plan: SHARED.plan }] },
    ],
    [
      "plan.metrics must be a list of at most 100000 numbers",
      { plan: { ...SHARED.plan, metrics: [null] } },
    ],
  ])("is told where it is wrong: %s", (said, fields) => {
    const link = linkOf(JSON.stringify({ v: 1, ...SHARED, ...fields }));
    expect(refusal(link)).toBe(`The link is broken: ${said}.`);
  });

  it("that unpacks to a hundred megabytes is stopped at a megabyte", () => {
    const bomb = Buffer.from(deflateSync(new Uint8Array(1e8), { level: 9 })).toString("base64url");
    const before = process.memoryUsage().arrayBuffers;
    expect(refusal(bomb)).toBe(
      "The link holds more than 1 MB, which is more than any schedule needs.",
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  it("cannot reach a prototype", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const spec = `{"type":"StepLR","step_size":{"${key}":{"isEvil":true}}}`;
      const link = linkOf(
        `{"v":1,"plan":{"lr":1,"spec":${spec}},"view":{"isLog":false,"unit":"steps"},"pins":[]}`,
      );
      expect(refusal(link)).toBe(
        `The link is broken: plan.spec holds "${key}", which is no option.`,
      );
    }
    const outside = decodeLink(
      linkOf(JSON.stringify({ v: 1, ...SHARED }).replace("{", '{"__proto__":{"isEvil":true},')),
    );
    expect("isEvil" in outside || "isEvil" in {}).toBe(false);
  });

  it("with more schedulers than the studio shows is refused, and so is making one", () => {
    const schedulers = Array.from({ length: 1000 }, () => ({
      type: "StepLR" as const,
      step_size: 1,
    }));
    const milestones = schedulers.slice(1).map((_, i) => i + 1);
    const spec: Plan["spec"] = { type: "SequentialLR", schedulers, milestones };
    const shared = { ...SHARED, plan: { spec, lr: 0.1 } };
    expect(refusal(linkOf(JSON.stringify({ v: 1, ...shared })))).toBe(
      "The link is broken: plan.spec must hold at most 1000 schedulers.",
    );
    expect(() => encodeLink(shared)).toThrow(
      new LinkError("This cannot be a link: plan.spec must hold at most 1000 schedulers."),
    );
  });

  it("that is nested without end is refused before it is walked through", () => {
    const nested = `${'{"schedulers":['.repeat(20_000)}1${"]}".repeat(20_000)}`;
    const plan = `{"lr":1,"spec":{"type":"ChainedScheduler","x":${nested}}}`;
    expect(refusal(linkOf(`{"v":1,"plan":${plan},"pins":[]}`))).toBe(
      "The link is broken: plan.spec is nested too deeply.",
    );
  });
});
