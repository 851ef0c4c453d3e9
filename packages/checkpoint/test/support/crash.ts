// Kills the process that imports it at one step of writing files: step CRASH_AT, counted from when
// the program says so. Of what is written, half is written before.
import fs from "node:fs";

const STEPS = [
  "openSync",
  "writeSync",
  "fsync",
  "closeSync",
  "renameSync",
  "linkSync",
  "rmSync",
  "fsyncSync",
] as const;

let left = Number.POSITIVE_INFINITY;
process.on("begin" as never, () => {
  left = Number(process.env.CRASH_AT);
});

for (const name of STEPS) {
  const step = fs[name] as (...args: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      if (--left === 0) {
        if (name === "writeSync") {
          const [file, bytes, at, length] = args as [number, Uint8Array, number, number];
          step(file, bytes, at, length >> 1);
        }
        process.kill(process.pid, "SIGKILL");
      }
      return step(...args);
    },
  });
}
