import { parentPort, workerData } from "node:worker_threads";
import { lrs_of } from "./late.ts";

// A thread of Node.js, which answers its task.
parentPort?.postMessage(lrs_of(workerData));
