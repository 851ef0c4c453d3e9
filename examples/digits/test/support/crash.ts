// Kills the process it is imported into at one step of writing files: step CRASH_AT, counted from
// the first file that is opened under the name *.partial. Of a text, half is written before.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const STEPS = ["openSync", "writeFileSync", "fsyncSync", "closeSync", "renameSync"] as const;

let left = Number(process.env.CRASH_AT);
let hasBegun = false;

for (const name of STEPS) {
  const step = fs[name] as (...args: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      hasBegun ||= String(args[0]).endsWith(".partial");
      if (hasBegun && --left === 0) {
        if (name === "writeFileSync") {
          const text = String(args[1]);
          step(args[0], text.slice(0, text.length / 2));
        }
        process.kill(process.pid, "SIGKILL");
      }
      return step(...args);
    },
  });
}
syncBuiltinESMExports();
