import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parseCommandLine } from "../src/options.ts";
import { run, temporaryFolder } from "./support/program.ts";

const FOLDER = temporaryFolder();

afterEach(() => vi.restoreAllMocks());

/** What the program prints about a wrong command line, and its exit code. */
async function refusalOf(args: readonly string[]) {
  let stderr = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += text;
    return true;
  });
  const exit = vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  await expect(parseCommandLine(args)).rejects.toThrow("exit");
  return { end: exit.mock.calls[0][0], stderr };
}

describe("the command line", () => {
  test("explains every option with --help", async () => {
    const { end, stdout } = await run(["--help"]);
    expect(end).toBe(0);
    for (const flag of [
      "epochs",
      "batch-size",
      "optimizer",
      "lr",
      "seed",
      "schedule",
      "out",
      "resume",
      "checkpoint-format",
    ]) {
      expect(stdout).toContain(`--${flag}`);
    }
  });

  test.each([
    ["--epochs 0", "--epochs must be a whole number of at least 1, got '0'"],
    ["--epochs ten", "--epochs must be a whole number of at least 1, got 'ten'"],
    ["--epochs", "option '--epochs <n>' argument missing"],
    ["--batch-size 1438", "--batch-size must be a whole number from 1 to 1437, got '1438'"],
    ["--optimizer adagrad", "--optimizer must be adamw, adam or sgd, got 'adagrad'"],
    ["--lr 0", "--lr must be a number above 0, got '0'"],
    ["--lr -1", "--lr must be a number above 0, got '-1'"],
    ["--seed 1.5", "--seed must be a whole number from 0 to 4294967295, got '1.5'"],
    ["--out=", "--out must name a folder, got ''"],
    ["--checkpoint-format xml", "--checkpoint-format must be json or pt, got 'xml'"],
    [
      "--schedule cosine:0",
      "--schedule is no schedule for this run: T_max: must be a whole number of at least 1, got 0",
    ],
    [
      "--epochs 9 --schedule onecycle:8(max_lr=1)",
      "--schedule is no schedule for this run: OneCycleLR: step 9 is past the end of the cycle, total_steps is 8",
    ],
    [
      "--schedule /dev/zero",
      "--schedule is no schedule for this run: /dev/zero: is no file but a pipe or a device",
    ],
    ["--epoch 10", "unknown option '--epoch' (Did you mean --epochs?)"],
    ["10", "unexpected argument '10'"],
  ])("refuses %s in one sentence, with exit code 2", async (args, sentence) => {
    expect(await refusalOf(args.split(" "))).toEqual({ end: 2, stderr: `${sentence}\n` });
  });

  test("that is wrong ends the program before anything is done", async () => {
    const folder = join(FOLDER, "run");
    const { end, stdout } = await run(["--out", folder, "--epochs", "0"]);
    expect({ end, stdout }).toEqual({ end: 2, stdout: "" });
    expect(existsSync(folder)).toBe(false);
  });

  test("with a folder that cannot be made is refused in one line", async () => {
    const file = join(FOLDER, "file");
    writeFileSync(file, "");
    const { end, stdout, stderr } = await run(["--out", join(file, "run")]);
    expect({ end, stdout }).toEqual({ end: 1, stdout: "" });
    expect(stderr).toMatch(/^ENOTDIR: not a directory, mkdir '.*'\n$/);
  });
});
