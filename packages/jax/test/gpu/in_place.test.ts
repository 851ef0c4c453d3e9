import { defaultDevice, getWebGPUDevice, init, numpy as np } from "@jax-js/jax";
import * as torch from "torch-optim";
import { GPUParameter } from "torch-optim/webgpu";
import { expect, test } from "vitest";

test("gradients of jax-js are taken where they are, on its own device", async () => {
  await init("webgpu");
  defaultDevice("webgpu");
  const device = getWebGPUDevice();
  const weight = new GPUParameter(device, { data: [1, -2, 3, -4] });
  const optimizer = new torch.optim.AdamW([weight], { lr: 0.1 });
  const here = new torch.Parameter(Float32Array.from([1, -2, 3, -4]));
  const wanted = new torch.optim.AdamW([here], { lr: 0.1 });
  for (let k = 0; k < 3; k++) {
    const values = Array.from(await weight.read());
    const gradient = np.array(values).mul(2);
    // It takes the array with it: a second reference keeps the buffer until the step is done.
    weight.grad = await gradient.ref.gpuBuffer();
    optimizer.step();
    gradient.dispose();
    here.grad = here.data.map((x) => 2 * x);
    wanted.step();
  }
  const close = Array.from(here.data, (x) => expect.closeTo(x, 5));
  expect(Array.from(await weight.read())).toEqual(close);
});
