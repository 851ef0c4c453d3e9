import { defaultDevice, init } from "@jax-js/jax";
import { beforeAll, expect, test } from "vitest";
import { DRAWN, difference } from "./drawn.ts";
import { growth } from "./leaks.ts";
import { trained } from "./model.ts";

/** A small model on the GPU beside the same one on the CPU; `ready` provides the GPU. */
export function test_model(ready: () => Promise<unknown> = async () => {}): void {
  beforeAll(async () => {
    await ready();
    await init("wasm");
    await init("webgpu");
  });

  test("a model trains under jit to the weights that it has in WebAssembly, traced once", async () => {
    const wanted = await trained("wasm");
    const found = await trained("webgpu");
    const largest = Math.max(...wanted.weights.map(Math.abs));
    const differences = found.weights.map((x, i) => Math.abs(x - wanted.weights[i]) / largest);
    expect(Math.max(...differences)).toBeLessThan(1e-5);
    expect(found.traces).toBe(1);
  });
}

/** The products of Muon are those of jax-js. */
const TOLERANCE: Readonly<Record<string, number>> = { muon: 5e-3 };

/** Every transformation on the GPU; `ready` provides it. */
export function test_transformations(ready: () => Promise<unknown> = async () => {}): void {
  beforeAll(async () => {
    await ready();
    await init("webgpu");
    defaultDevice("webgpu");
  });

  for (const drawn of DRAWN) {
    const { name, make, cases } = drawn;

    test(`${name} gives PyTorch's numbers under jit`, async () => {
      const found = await difference(make, cases[cases.length - 1], true);
      expect(found.difference).toBeLessThan(TOLERANCE[name] ?? 1e-5);
      expect(found.traces).toBe(1);
    });

    test(`1,000 steps of ${name} leave no buffers`, async () => {
      expect(await growth(drawn, "webgpu", true)).toBe(0);
    });
  }
}
