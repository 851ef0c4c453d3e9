import { describe, expect, it } from "vitest";
import { printable, printableLines } from "../src/printable.ts";

describe("text from outside", () => {
  it("is shown as it is if it can be", () => {
    const text = 'größe – 学習率 🙂 "quoted" <b> \\ & co';
    expect(printable(text)).toBe(text);
  });

  it.each([
    ["\u001b[31m", "\\u001b[31m"],
    ["a\nb\tc\r", "a\\u000ab\\u0009c\\u000d"],
    ["\u0000\u007f\u009b", "\\u0000\\u007f\\u009b"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["half \ud83d", "half \\ud83d"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
    ["\uffff", "\\uffff"],
  ])("is shown with escapes for what steers terminals or is no XML: %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("may have several lines where it stands in several", () => {
    expect(printableLines("a\u0007\n  ^")).toBe("a\\u0007\n  ^");
  });
});
