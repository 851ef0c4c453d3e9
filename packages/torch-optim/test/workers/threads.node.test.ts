import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";
import { disagreement, PLANS, type Task } from "./late.ts";

const [{ text }] = buildSync({
  entryPoints: [join(import.meta.dirname, "thread.ts")],
  bundle: true,
  write: false,
  platform: "node",
  format: "cjs",
}).outputFiles;

function ask(task: Task): Promise<number[][]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(text, { eval: true, workerData: task });
    thread.on("message", resolve);
    thread.on("error", reject);
  });
}

for (const plan of PLANS) {
  test(`threads that join "${plan.spec}" late agree to the last bit without a message`, async () => {
    const { among_workers, from_steps } = await disagreement(plan, ask);
    expect(among_workers).toBe(0);
    expect(from_steps).toBeLessThan(1e-12 * 0.2);
  });
}
