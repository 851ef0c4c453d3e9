import type { PyTorch } from "./pytorch.ts";
import { epochSize } from "./schedulers/epoch_size.ts";
import { heap } from "./schedulers/heap.ts";
import { step } from "./schedulers/step.ts";

/** What a scheduler costs: a step, the heap, and getting to an epoch far away. */
export async function* schedulers(pytorch: PyTorch | undefined): AsyncGenerator<string> {
  yield "## Schedulers";
  yield await step(pytorch);
  yield heap();
  yield await epochSize();
}
