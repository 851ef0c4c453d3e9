import { create, globals } from "webgpu";

/** What WebGPU goes on as long as somebody holds. */
let gpu: GPU | undefined;

/** What is known of a device that is no processor in disguise. */
export interface Found {
  readonly device: GPUDevice;
  readonly name: string;
}

/**
 * The machine's GPU with all that it allows; nothing where there is none, or one in software only.
 *
 * @param allows_software - For trying the benchmark itself.
 */
export async function find_gpu(allows_software: boolean): Promise<Found | undefined> {
  Object.assign(globalThis, globals);
  gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return undefined;
  const { vendor, architecture, device: model, description } = adapter.info;
  const name = [vendor, architecture, model, description].filter((part) => part !== "").join(", ");
  if (!allows_software && /swiftshader|llvmpipe|basic render/i.test(name)) return undefined;
  // Frameworks ask there for WebGPU, and what browser they are in.
  const navigator = { gpu, userAgent: `Node.js ${process.version}` };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize };
  return { device: await adapter.requestDevice({ requiredLimits }), name };
}
