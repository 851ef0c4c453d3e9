import { lrs_of, type Task } from "./late.ts";

// A worker of the browser, which answers its task.
addEventListener("message", ({ data }: MessageEvent<Task>) => postMessage(lrs_of(data)));
