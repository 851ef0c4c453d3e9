import { blockUntilReady } from "@jax-js/jax";
import { type Drawn, train } from "./drawn.ts";
import { held_on } from "./held.ts";

/** How many numbers: on the CPU so many that what one step leaves behind is pages of memory. */
const LENGTH = { wasm: 2 ** 12, webgpu: 2 ** 6 };
/** By then everything is there that is kept from one step to the next. */
const WARM = 100;

/** How much more the device holds after 1,000 steps than after the first ones. */
export async function growth(
  { make, cases }: Drawn,
  device: "wasm" | "webgpu",
  is_traced: boolean,
): Promise<number> {
  const held = held_on(device);
  const { options } = cases[cases.length - 1];
  const length = LENGTH[device];
  const numbers = Array.from({ length }, (_, i) => Math.sin(i));
  const long = { options, dtype: "float32", shapes: [[length / 16, 16]], start: [numbers] };
  let warm = 0;
  let after = 0;
  await train(
    make,
    { ...long, grads: [[numbers]], after: {} },
    {
      is_traced,
      steps: 1000,
      async told(step, params, state) {
        // What is queued is done now and then, as jax-js recommends: nothing reads the averages of asgd.
        if (step % 50 === 0) await blockUntilReady([params, state]);
        if (step === WARM) warm = held();
        after = held();
      },
    },
  );
  return after - warm;
}
