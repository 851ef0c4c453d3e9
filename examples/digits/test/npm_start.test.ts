import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NPM_START, run, runBy, SCRIPT, temporaryFolder } from "./support/program.ts";

const FOLDER = temporaryFolder();
const LONG = ["--epochs", "5000", "--batch-size", "512"];
const STOPPED = /\nStopped after epoch \d+ of 5000\. To go on:\nnpm start -- --resume --out .*\n$/;

describe.skipIf(process.platform === "win32")("npm start", () => {
  // The output ends only when the last process that could write there has.
  test.each([
    ["npm", "SIGINT", NPM_START, 130],
    ["npm", "SIGKILL", NPM_START, "SIGKILL"],
    ["what npm runs", "SIGHUP", SCRIPT, 129],
    ["what npm runs", "SIGKILL", SCRIPT, "SIGKILL"],
  ] as const)("stops the training, and leaves no orphan, when %s alone gets %s", async (whom, signal, command, end) => {
    const args = [...LONG, "--out", join(FOLDER, `${whom} ${signal}`)];
    const outcome = await runBy(command, args, (stdout, first) => {
      if (/^epoch/m.test(stdout)) first.kill(signal);
    });
    expect(outcome).toMatchObject({ end, stderr: "" });
    expect(outcome.stdout).toMatch(STOPPED);
  });

  test("numbers its folders, whatever else is called so", async () => {
    const cwd = join(FOLDER, "cwd");
    mkdirSync(join(cwd, "runs", "digits-041"), { recursive: true });
    mkdirSync(join(cwd, "runs", "digits-9007199254740992"));
    const { end, stdout } = await run(["--epochs", "1", "--batch-size", "1437"], { cwd });
    expect(end).toBe(0);
    expect(stdout).toMatch(
      /^Training a digit classifier with adamw for 1 epoch in runs\/digits-042\./,
    );
    const resumed = await run(["--resume"], { cwd });
    expect(resumed.stdout).toMatch(
      /^The run in runs\/digits-042 is finished: its 1 epoch is done\./,
    );
  });
});
