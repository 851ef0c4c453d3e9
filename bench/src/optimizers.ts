import { family } from "./optimizers/family.ts";
import { kernels } from "./optimizers/kernels.ts";
import { places } from "./optimizers/places.ts";
import { soak } from "./optimizers/soak.ts";
import type { PyTorch } from "./pytorch.ts";

/** What an optimizer costs: the kernels of the two most used, all others, and a very long run. */
export async function* optimizers(pytorch: PyTorch | undefined): AsyncGenerator<string> {
  yield "## Optimizers";
  yield await kernels(pytorch);
  yield await family(pytorch);
  yield places();
  yield soak();
}
