import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PYTHON_FILE, python_file } from "../../../scripts/python_file.ts";
import * as torch from "../src/index.ts";

test("the Python file that npm ships is the package in python/ (npm run python)", () => {
  expect(readFileSync(PYTHON_FILE, "utf8")).toBe(python_file());
});

test("the Python file imports nothing but Python and PyTorch", () => {
  const imported = [...python_file().matchAll(/^(?:import|from) (\w*)/gm)].map(([, name]) => name);
  const known =
    /^(bisect|collections|contextlib|copy|dataclasses|decimal|inspect|json|math|os|pathlib|re|torch|types|typing|unicodedata|warnings)$/;
  expect(imported.filter((name) => !known.test(name))).toEqual([]);
});

test("the Python package knows every scheduler that a spec can name, by the same names and options", () => {
  const catalogue = python_file().split("_CATALOGUE: dict[str, _Entry] = {")[1].split("\n}\n")[0];
  const entries = new Map(
    catalogue.split(/\n {4}(?=")/).map((text) => [/^"(\w+)": _Entry/.exec(text)?.[1], text]),
  );
  const known = torch.optim.lr_scheduler
    .describe_schedulers()
    .filter(({ is_spec_type, meaning }) => is_spec_type && meaning !== undefined);
  expect(new Set(entries.keys())).toEqual(new Set([undefined, ...known.map(({ type }) => type)]));
  // Those that several schedulers share stand in functions.
  const shared = [/^(?:cycle|base|max)_momentum$/, /^min_lr(?:_rate)?$/];
  for (const { type, short_names, options, length_option } of known) {
    const entry = entries.get(type);
    const names = [...short_names, ...(length_option === undefined ? [] : [length_option])];
    const own = options.map(({ name }) => name).filter((name) => !shared.some((s) => s.test(name)));
    for (const name of [...names, ...own]) expect(entry, `${type}, ${name}`).toContain(`"${name}"`);
  }
});
