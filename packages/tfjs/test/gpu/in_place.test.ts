import "@tensorflow/tfjs-backend-webgpu";
// Its layers bring the gradients along.
import "@tensorflow/tfjs-layers";
import * as tf from "@tensorflow/tfjs-core";
import * as torch from "torch-optim";
import { GPUParameter } from "torch-optim/webgpu";
import { expect, test } from "vitest";

const START = [1, -2, 3, -4, 5, -6];
const SHAPE = [2, 3];

test("a weight in a buffer of the library's is trained in place, on TensorFlow's own device", async () => {
  await tf.setBackend("webgpu");
  await tf.ready();
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  const buffer = device.createBuffer({
    size: 4 * START.length,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, Float32Array.from(START));
  const weight = new GPUParameter(device, { data: buffer, shape: SHAPE });
  const tensor = tf.tensor({ buffer, zeroCopy: true }, SHAPE, "float32");
  const optimizer = new torch.optim.AdamW([weight], { lr: 0.1 });

  const here = new torch.Parameter(Float32Array.from(START), SHAPE);
  const wanted = new torch.optim.AdamW([here], { lr: 0.1 });
  const grad = tf.grad((x) => tf.sum(tf.square(x)));
  for (let k = 0; k < 5; k++) {
    const gradient = grad(tensor);
    const { tensorRef, buffer: of_gradient } = gradient.dataToGPU();
    weight.grad = of_gradient as GPUBuffer;
    optimizer.step();
    tf.dispose([gradient, tensorRef]);
    here.grad = here.data.map((x) => 2 * x);
    wanted.step();
  }
  const close = Array.from(here.data, (x) => expect.closeTo(x, 5));
  expect(Array.from(await weight.read())).toEqual(close);
  // TensorFlow sees the new values.
  const total = here.data.reduce((sum, x) => sum + x, 0);
  expect((await tf.sum(tensor).data())[0]).toBeCloseTo(total, 4);
});
