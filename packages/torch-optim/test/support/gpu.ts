import { afterEach, expect } from "vitest";
import { GPUParameter } from "../../src/webgpu/index.ts";

/** The device of the tests: WebGPU is there once it was started, in Node.js or in a browser. */
export async function request_device(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("no adapter of WebGPU");
  return adapter.requestDevice();
}

/** The same, on which nothing may fail that is not caught. */
export async function strict_device(): Promise<GPUDevice> {
  const device = await request_device();
  device.addEventListener("uncapturederror", ({ error }) => {
    throw new Error(error.message);
  });
  return device;
}

/** What takes a device for one test, hands it to `use`, and sees that nothing failed there uncaught. */
export function own_devices(use: (device: GPUDevice) => void): () => Promise<GPUDevice> {
  let device: GPUDevice;
  let uncaptured: string[];
  afterEach(async () => {
    await device.queue.onSubmittedWorkDone();
    expect(uncaptured).toEqual([]);
  });
  return async () => {
    uncaptured = [];
    device = await request_device();
    device.addEventListener("uncapturederror", ({ error }) => uncaptured.push(error.message));
    use(device);
    return device;
  };
}

/** Numbers in no order that are the same each time. */
export function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(seed + 12.9898 * i) * 0.5);
}

/** Parameters of these rows of numbers. */
export function on_gpu(
  device: GPUDevice,
  rows: readonly ArrayLike<number>[],
  shapes?: readonly (readonly number[])[],
): GPUParameter[] {
  return rows.map(
    (row, i) => new GPUParameter(device, { data: Float32Array.from(row), shape: shapes?.[i] }),
  );
}

/** Counts the bytes of buffers that were made from now on and are not destroyed. */
export function count_bytes(device: GPUDevice): { live: number } {
  const count = { live: 0 };
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    count.live += descriptor.size;
    buffer.destroy = () => {
      count.live -= descriptor.size;
      return destroy();
    };
    return buffer;
  };
  return count;
}
