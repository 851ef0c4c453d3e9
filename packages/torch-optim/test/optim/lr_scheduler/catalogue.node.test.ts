import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fields_of } from "../../../src/optim/lr_scheduler/as_data/registry.ts";
import { CATALOGUE, type Entry } from "../../../src/optim/lr_scheduler/catalogue.ts";
import * as lr_scheduler from "../../../src/optim/lr_scheduler/index.ts";
import transformers from "../../fixtures/lr_scheduler/transformers.json";

const entries = Object.entries<Entry>(CATALOGUE);
const fixtures = readdirSync(join(import.meta.dirname, "../../fixtures/lr_scheduler"));

describe("the catalogue", () => {
  test("names every scheduler that there is, by the name under which it is imported", () => {
    const classes = Object.entries(lr_scheduler).filter(
      ([name, value]) =>
        typeof value === "function" &&
        value.prototype instanceof lr_scheduler.LRScheduler &&
        // A base, for composites of one's own.
        name !== "CompositeScheduler",
    );
    const catalogued = entries.map(([type, { scheduler }]) => [type, scheduler]);
    expect(Object.fromEntries(catalogued)).toEqual(Object.fromEntries(classes));
    for (const [type, { scheduler }] of entries) expect(scheduler.name).toBe(type);
  });

  test("has numbers from PyTorch for each that PyTorch has", () => {
    for (const [type, { home }] of entries) {
      if (home === "torch-optim") continue;
      const drawn =
        home === "transformers"
          ? transformers.cases.some(({ spec }) => spec.type === type)
          : fixtures.includes(`${type}.json`);
      expect(drawn, type).toBe(true);
    }
  });

  test("gives each a meaning in one line, and no short name to two", () => {
    const short_names = entries.flatMap(([, { short_names = [] }]) => short_names);
    expect(new Set(short_names).size).toBe(short_names.length);
    for (const name of short_names) expect(name).toMatch(/^[a-z]+$/);
    for (const [, { meaning }] of entries) expect(meaning).toMatch(/^[A-Z][^\n]{10,80}\.$/);
  });

  test("says of lengths which of its options they are", () => {
    for (const [type, { scheduler, length_option }] of entries) {
      if (length_option === undefined) continue;
      expect(fields_of(scheduler)[length_option]?.type, type).toBe("whole");
    }
  });
});
