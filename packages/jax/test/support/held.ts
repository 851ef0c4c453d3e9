import { vi } from "vitest";

/**
 * Counts what the device holds from now on: pages of WebAssembly's memory that were asked for, or buffers
 * on the GPU that were made and not destroyed.
 */
export function held_on(device: "wasm" | "webgpu"): () => number {
  if (device === "wasm") {
    const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
    return () => grow.mock.calls.reduce((pages, [more]) => pages + more, 0);
  }
  const made = vi.spyOn(GPUDevice.prototype, "createBuffer");
  const destroyed = vi.spyOn(GPUBuffer.prototype, "destroy");
  return () => made.mock.calls.length - destroyed.mock.calls.length;
}
