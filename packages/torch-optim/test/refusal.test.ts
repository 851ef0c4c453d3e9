import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../src/index.ts";
import { schedulable } from "./support/curve.ts";
import { thrown } from "./support/refusal.ts";
import { classes } from "./support/spec.ts";

/** What is said of an option with this value, or of one with this name. */
function said_of(value: unknown, name = "step_size"): string {
  return thrown(() => new classes.StepLR(schedulable(), { step_size: 1, [name]: value })).message;
}

/** Control characters, direction marks, line separators and halves of a character. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe("a message", () => {
  test("shows what is not seen as its escape, in values and in names", () => {
    for (const [text, as_value, as_name] of [
      ["\x1b[2J", '"\\u001b[2J"', "\\u{1b}[2J"],
      ["a\x07\nb", '"a\\u0007\\nb"', "a\\u{7}\\u{a}b"],
      ["\x7f\x9b31m", '"\\u{7f}\\u{9b}31m"', "\\u{7f}\\u{9b}31m"],
      ["\u202egnp.exe", '"\\u{202e}gnp.exe"', "\\u{202e}gnp.exe"],
      ["\u2028\u2029", '"\\u{2028}\\u{2029}"', "\\u{2028}\\u{2029}"],
      ["\ud83d", '"\\ud83d"', "\\u{d83d}"],
      ["\u{e0041}", '"\\u{e0041}"', "\\u{e0041}"],
      ["größer 😀", '"größer 😀"', "größer 😀"],
    ]) {
      const expected = `StepLR: step_size must be a whole number of at least 1, got ${as_value}`;
      expect(said_of(text)).toBe(expected);
      expect(said_of(1, text)).toBe(
        `StepLR: ${as_name} is not an option; the options are: step_size, gamma`,
      );
    }
  });

  test("is short and safe to print, whatever the value and the name are", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything({ withBigInt: true }), fc.string({ unit: "binary" })),
        fc.string({ unit: "binary" }),
        (value, name) => {
          for (const said of [said_of([value]), said_of(value, `_${name}`)]) {
            expect(said.length).toBeLessThan(1000);
            expect(said).not.toMatch(UNSEEN);
          }
        },
      ),
    );
    const long = "😀".repeat(1e6);
    for (const value of [long, Array(1e5).fill(long), 10n ** 1000n, Symbol(long), new Array(4e9)]) {
      expect(said_of(value).length).toBeLessThan(2000);
      expect(said_of(value)).not.toMatch(UNSEEN);
    }
    expect(said_of(1, long).length).toBeLessThan(200);
  });

  test("says so where a list is too long to be one", () => {
    const milestones = new Array(4e9).fill(7, 0, 9);
    const refusal = thrown(() => new torch.optim.MultiStepLR(schedulable(), { milestones }));
    expect(refusal).toBeInstanceOf(RangeError);
    expect(refusal.message).toBe(
      "MultiStepLR: milestones must be a list of at most 1000000 items, got [7, 7, 7, 7, 7, 7, 7, 7, …]",
    );
  });
});
