import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as torch from "../../src/index.ts";
import {
  as_parameter,
  clip,
  clippings,
  expect_same_bits,
  OPTIMIZERS,
  run,
  type Torch,
  updates_by,
} from "../support/updates.ts";

/** WebAssembly's own parts, which are no enumerable properties. */
function engine() {
  const { Module, Instance, Memory } = WebAssembly;
  return { Module, Instance, Memory };
}

function refuse(error: ErrorConstructor): () => never {
  return function refused(): never {
    throw new error("refused");
  };
}

/** A WebAssembly that refuses some modules. */
function refusing(is_refused: (bytes: Uint8Array<ArrayBuffer>) => boolean) {
  const { Module } = WebAssembly;
  function compile(bytes: Uint8Array<ArrayBuffer>) {
    if (is_refused(bytes)) throw new EvalError("refused");
    return new Module(bytes);
  }
  return { ...engine(), Module: compile };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("an engine", () => {
  test.each<[string, () => object | undefined]>([
    ["without WebAssembly", () => undefined],
    ["whose page forbids WebAssembly", () => refusing(() => true)],
    ["that compiles no module of a kernel's size", () => refusing((bytes) => bytes.length > 500)],
    ["that puts no module to work", () => ({ ...engine(), Instance: refuse(RangeError) })],
    ["without memory left for it", () => ({ ...engine(), Memory: refuse(RangeError) })],
  ])("%s gives the same bits, and says that it has no compiled kernels", async (_, make_engine) => {
    const updates = fc.sample(fc.constantFrom(...OPTIMIZERS).chain(updates_by), 120);
    const expected = updates.map((update) => run(torch, as_parameter, update));
    const clipped = fc.sample(clippings, 100);
    const gradients = clipped.map((clipping) => clip(torch, as_parameter, clipping));
    expect(torch.optim.uses_compiled_kernels()).toBe(true);
    vi.stubGlobal("WebAssembly", make_engine());
    vi.resetModules();
    const without: Torch = await import("../../src/index.ts");
    for (const [k, update] of updates.entries()) {
      expect_same_bits(run(without, as_parameter, update), expected[k]);
    }
    for (const [k, clipping] of clipped.entries()) {
      expect(clip(without, as_parameter, clipping)).toEqual(gradients[k]);
    }
    expect(without.optim.uses_compiled_kernels()).toBe(false);
  });
});
