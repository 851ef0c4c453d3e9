import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PYTHON_FILE, python_file } from "../../../scripts/python_file.ts";

test("the Python file that npm ships is the package in python/ (npm run python)", () => {
  expect(readFileSync(PYTHON_FILE, "utf8")).toBe(python_file());
});

test("the Python file imports nothing but Python and PyTorch", () => {
  const imported = [...python_file().matchAll(/^(?:import|from) (\w*)/gm)].map(([, name]) => name);
  const known =
    /^(bisect|collections|contextlib|copy|dataclasses|decimal|inspect|json|math|os|pathlib|re|torch|types|unicodedata|warnings)$/;
  expect(imported.filter((name) => !known.test(name))).toEqual([]);
});
