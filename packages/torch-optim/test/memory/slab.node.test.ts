import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("an engine that has no memory left", () => {
  test("is asked again only when the time that its refusal took is forgotten", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { Module, Instance } = WebAssembly;
    // A refusal takes 50 milliseconds, for which the engine collects garbage.
    const Memory = vi.fn(function refused() {
      vi.advanceTimersByTime(50);
      throw new RangeError("could not allocate memory");
    });
    vi.stubGlobal("WebAssembly", { Module, Instance, Memory });
    vi.resetModules();
    const torch = await import("../../src/index.ts");
    const make = (many: number) => {
      for (let i = 0; i < many; i++) new torch.Parameter(new Float32Array(1000));
    };
    make(2000);
    expect(Memory).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(4900);
    make(2000);
    expect(Memory).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(200);
    make(2000);
    expect(Memory).toHaveBeenCalledTimes(2);
  });
});
