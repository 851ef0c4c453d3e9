import { expect, test } from "vitest";
import { disagreement, PLANS, type Task } from "./late.ts";

function ask(task: Task): Promise<number[][]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = reject;
    worker.postMessage(task);
  });
}

// In a browser; `threads.node.test.ts` has the same for Node.js.
test.runIf("Worker" in globalThis)(
  "workers that join a plan late agree to the last bit",
  async () => {
    for (const plan of PLANS) {
      const { among_workers, from_steps } = await disagreement(plan, ask);
      expect(among_workers, plan.spec).toBe(0);
      expect(from_steps, plan.spec).toBeLessThan(1e-12 * 0.2);
    }
  },
);
