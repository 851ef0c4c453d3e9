/** The device of the tests: WebGPU is there once it was started, in Node.js or in a browser. */
export async function request_device(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("no adapter of WebGPU");
  return adapter.requestDevice();
}
