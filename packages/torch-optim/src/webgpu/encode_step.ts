import type { Optimizer } from "../optim/optimizer.ts";
import { GPUPlace } from "./gpu_place.ts";

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
  const places = new Set<GPUPlace>();
  for (const { params } of optimizer.param_groups) {
    for (const { place } of params) if (place instanceof GPUPlace) places.add(place);
  }
  let take_step = () => {
    optimizer.step();
  };
  for (const place of places) {
    const inner = take_step;
    take_step = () => place.with_encoder(encoder, inner);
  }
  take_step();
}
