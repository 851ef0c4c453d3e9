/** Flags of WebGPU by the numbers of its specification: TypeScript's own types do not name them. */
const MAP_READ = 0x1;
const COPY_SRC = 0x4;
const COPY_DST = 0x8;
const STORAGE = 0x80;
/** The mode of a mapping that reads. */
const READ = 0x1;

/** A buffer of so many bytes, for shaders and for copies. */
export function makeBuffer(device: GPUDevice, size: number): GPUBuffer {
  return device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST });
}

/** Reads the first of a buffer's numbers from the device. */
export async function readNumbers(
  device: GPUDevice,
  buffer: GPUBuffer,
  count: number,
): Promise<Float32Array> {
  const size = 4 * count;
  const copy = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(READ);
  const numbers = new Float32Array(copy.getMappedRange().slice(0));
  copy.destroy();
  return numbers;
}
