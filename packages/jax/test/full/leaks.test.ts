import "../../../../examples/digits/src/navigator.ts";
import { defaultDevice, init } from "@jax-js/jax";
import { beforeAll, describe, expect, test } from "vitest";
import { DRAWN } from "../support/drawn.ts";
import { growth } from "../support/leaks.ts";

beforeAll(async () => {
  await init("wasm");
  defaultDevice("wasm");
});

describe.each([
  ["under jit", true],
  ["step by step", false],
])("%s", (_, is_traced) => {
  for (const drawn of DRAWN) {
    test(`1,000 steps of ${drawn.name} leave nothing in WebAssembly's memory`, async () => {
      expect(await growth(drawn, "wasm", is_traced)).toBe(0);
    });
  }
});
