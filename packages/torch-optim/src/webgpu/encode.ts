import type { Optimizer } from "../optim/optimizer.ts";
import { is_object, refuse } from "../refusal.ts";
import { GPUPlace, place_on } from "./gpu_place.ts";

/**
 * Takes an optimizer's step into a command encoder of the user's own, which is submitted later: between
 * passes that write the gradients and passes that read the parameters.
 *
 * Parameters of the optimizer that are not on a GPU are updated at once.
 *
 * @param encoder - Of the device of the parameters.
 * @throws What `optimizer.step()` throws.
 * @example
 * ```ts
 * encode_step(optimizer, encoder);
 * device.queue.submit([encoder.finish()]);
 * ```
 */
export function encode_step(optimizer: Optimizer, encoder: GPUCommandEncoder): void {
  const devices = new Set<GPUDevice>();
  for (const { params } of optimizer.param_groups) {
    for (const { place } of params) if (place instanceof GPUPlace) devices.add(place.device);
  }
  let take_step = () => {
    optimizer.step();
  };
  for (const device of devices) {
    const inner = take_step;
    take_step = () => encode(device, encoder, inner);
  }
  take_step();
}

/**
 * Has all that a function does with parameters on a device written into a command encoder of the user's own,
 * in its order: clipping, steps, averages, `zero_grad()`. What is written by `GPUArray.set` is not.
 *
 * @throws TypeError for what is no encoder, and whatever the function throws.
 * @example
 * ```ts
 * encode(device, encoder, () => {
 *   torch.nn.utils.clip_grad_norm_(params, 1);
 *   optimizer.step();
 *   optimizer.zero_grad();
 * });
 * ```
 */
export function encode(device: GPUDevice, encoder: GPUCommandEncoder, work: () => void): void {
  if (!is_object(encoder) || !("beginComputePass" in encoder)) {
    refuse("encode: encoder", "a GPUCommandEncoder", encoder);
  }
  place_on(device).with_encoder(encoder, work);
}
