import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runAlone } from "./child.ts";
import { BATCH, type Beside, HIDDEN, WORK } from "./frameworks/work.ts";
import { ROOT } from "./machine.ts";
import { median, ratio } from "./measure.ts";
import { duration, table, times } from "./report.ts";

function version(name: string): string {
  return JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8")).version;
}

/** Adam in TensorFlow.js and in jax-js: theirs and ours, by backend. */
export async function* frameworks(): AsyncGenerator<string> {
  const file = join(import.meta.dirname, "frameworks", "frameworks_use.ts");
  const rows = runAlone<Beside[]>(file).map(({ where, work, theirs, ours }) => [
    where,
    WORK[work],
    duration(median(theirs)),
    duration(median(ours)),
    times(ratio(ours, theirs)),
  ]);
  yield `## In other frameworks

Adam in TensorFlow.js ${version("@tensorflow/tfjs-core")} and in jax-js ${version("@jax-js/jax")}, on the backends that run without a GPU and on webgpu in
software, with the result read back:
\`tf.train.adam\` beside \`Adam\` of torch-optim-tfjs, and \`adam\` of torch-optim-jax beside the textbook's
formula in jax-js's operations, both under \`jit\`. A training step has the gradients of a 64-${HIDDEN}-10 classifier
for a batch of ${BATCH} images in it.

${table([["on", "work", "theirs", "torch-optim", "torch-optim ÷ theirs"], ...rows])}`;
}
