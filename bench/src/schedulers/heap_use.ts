/** Prints what steps with some parameter groups do to the heap; Node.js must expose its gc. */

import { GCProfiler } from "node:v8";
import { baseLrs, torchOptim } from "./warmup_cosine.ts";

export interface HeapUse {
  /** Bytes allocated, whether they were collected since or not. */
  readonly allocated: number;
  readonly collections: number;
  /** Bytes in use after a full collection, beyond those before. */
  readonly growth: number;
}

/** Enough for the JIT compiler to have seen both phases. */
const WARM_UP = 500_000;

const [groups, steps] = process.argv.slice(2).map(Number);

function schedule(epochs: number) {
  return torchOptim(baseLrs(groups), { warmup: epochs / 10, cosine: epochs });
}

function run(scheduler: { step(): void }, epochs: number): void {
  for (let epoch = 0; epoch < epochs; epoch++) scheduler.step();
}

function used(): number {
  return process.memoryUsage().heapUsed;
}

function usedAfterCollection(): number {
  if (!globalThis.gc) throw new Error("run it with --expose-gc");
  globalThis.gc();
  globalThis.gc();
  return used();
}

/** What is allocated, and collected, while some work is done. */
function allocation(work: () => void): Pick<HeapUse, "allocated" | "collections"> {
  const before = used();
  const profiler = new GCProfiler();
  profiler.start();
  work();
  const growth = used() - before;
  const { statistics } = profiler.stop();
  const freed = statistics.map(
    ({ beforeGC, afterGC }) =>
      beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
  );
  return {
    allocated: freed.reduce((sum, bytes) => sum + bytes, growth),
    collections: statistics.length,
  };
}

run(schedule(WARM_UP), WARM_UP);
const scheduler = schedule(steps);
const before = usedAfterCollection();
const during = allocation(() => run(scheduler, steps));
const use: HeapUse = { ...during, growth: usedAfterCollection() - before };
console.log(JSON.stringify(use));
