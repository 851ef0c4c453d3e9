import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkpointPath, loadCheckpoint, orDamaged, saveCheckpoint } from "../src/checkpoint.ts";
import type { RunOptions } from "../src/options.ts";
import { Refusal } from "../src/refusal.ts";
import { Run } from "../src/train.ts";
import { filesOf, run, temporaryFolder } from "./support/program.ts";

const FOLDER = temporaryFolder();
const OPTIONS: RunOptions = {
  epochs: 4,
  batchSize: 512,
  optimizer: "adamw",
  lr: 0.03,
  seed: 1,
  schedule: null,
};

function train(run: Run, epochs: number): Run {
  while (run.history.length < epochs) run.trainEpoch();
  return run;
}

saveCheckpoint(FOLDER, train(new Run(OPTIONS), 2).checkpoint());
const FILE = readFileSync(checkpointPath(FOLDER));
const { checkpoint: CHECKPOINT } = JSON.parse(FILE.toString());

/** A folder with this as its checkpoint's file. */
function folderWith(file: string | Uint8Array): string {
  const folder = join(FOLDER, "another");
  mkdirSync(folder, { recursive: true });
  writeFileSync(checkpointPath(folder), file);
  return folder;
}

/** A checkpoint's file with the right checksum, whatever is in it. */
function withChecksum(text: string): string {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return `{"sha256":"${sha256}","checkpoint":${text}}\n`;
}

/** The checkpoint's file with something in it changed, and the right checksum. */
function changed(change: (checkpoint: typeof CHECKPOINT) => void): string {
  const checkpoint = structuredClone(CHECKPOINT);
  change(checkpoint);
  return withChecksum(JSON.stringify(checkpoint));
}

function resume(folder: string): Run {
  const checkpoint = loadCheckpoint(folder);
  return orDamaged(folder, () => Run.resume(checkpoint));
}

/** The sentence that refuses a folder's checkpoint. */
function refusalOf(folder: string): string | undefined {
  try {
    resume(folder);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  return undefined;
}

describe("a checkpoint", () => {
  test.each(["adamw", "adam", "sgd"] as const)("of %s goes on to the last bit", (optimizer) => {
    const options = { ...OPTIONS, optimizer };
    saveCheckpoint(FOLDER, train(new Run(options), 2).checkpoint());
    const resumed = train(resume(FOLDER), 4).checkpoint();
    expect(resumed).toEqual(train(new Run(options), 4).checkpoint());
  });

  test("is refused if a byte of it is another", () => {
    fc.assert(
      fc.property(fc.nat(FILE.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const file = Uint8Array.from(FILE);
        file[at] ^= flip;
        expect(refusalOf(folderWith(file))).toContain(" is damaged: its checksum does not fit; ");
      }),
    );
  });

  test("is refused if it was cut short", () => {
    fc.assert(
      fc.property(fc.nat(FILE.length - 1), (length) => {
        const folder = folderWith(FILE.subarray(0, length));
        expect(refusalOf(folder)).toContain(" is damaged: its checksum does not fit; ");
      }),
    );
  });

  test.each([
    ["text that is not JSON", withChecksum("hello"), "JSON"],
    ["no object", withChecksum("[]"), "expected object"],
    ["an unknown key", changed((c) => (c.x = 1)), 'Unrecognized key: "x"'],
    [
      "an option out of range",
      changed((c) => (c.options.epochs = 0)),
      "options.epochs: must be a whole number of at least 1",
    ],
    [
      "an unknown optimizer",
      changed((c) => (c.options.optimizer = "adagrad")),
      "options.optimizer: must be adamw, adam or sgd",
    ],
    [
      "an option missing",
      changed((c) => delete c.options.seed),
      "options.seed: must be a whole number from 0 to 4294967295",
    ],
    ["a parameter too few", changed((c) => c.parameters.pop()), "parameters must be 4, got 3"],
    [
      "a parameter too short",
      changed((c) => (c.parameters[0] = c.parameters[1])),
      "parameters.0 must have 4096 values",
    ],
    ["a parameter that is no base64", changed((c) => (c.parameters[2] = "?")), "parameters.2: "],
    [
      "a state of another optimizer",
      changed((c) => (c.options.optimizer = "sgd")),
      "SGD: state_dict.param_groups[0].momentum is missing",
    ],
    [
      "a state of another shape",
      changed((c) => c.optimizer.state[1].exp_avg.pop()),
      "AdamW: state_dict.state[1].exp_avg must have 64 values, got 63",
    ],
    [
      "no state for a parameter",
      changed((c) => delete c.optimizer.state[3]),
      "optimizer.state must have 4 entries",
    ],
    ["no optimizer's state", changed((c) => delete c.optimizer), "optimizer: Invalid input"],
    [
      "another scheduler",
      changed((c) => delete c.scheduler._milestones),
      "SequentialLR: state_dict._milestones is missing",
    ],
    [
      "a scheduler at another epoch",
      changed((c) => (c.scheduler.last_epoch = 1)),
      "history must have one entry for each of the 1 epochs done",
    ],
    [
      "more epochs than the run has",
      changed((c) => (c.options.epochs = 1)),
      "scheduler.last_epoch must be at most 1, got 2",
    ],
    [
      "a history with a gap",
      changed((c) => (c.history[1].epoch = 2)),
      "history must have one entry for each of the 2 epochs done",
    ],
    [
      "a history of words",
      changed((c) => (c.history[0].loss = "small")),
      "history.0.loss: Invalid input: expected number, received string",
    ],
  ])("with the right checksum and %s is refused by name", (_what, file, reason) => {
    expect(refusalOf(folderWith(file))).toContain(reason);
  });

  test.each([
    ["is damaged", FILE.subarray(0, -10)],
    ["does not fit its run", changed((c) => c.parameters.pop())],
  ])("that %s ends the program, and nothing is changed", async (_what, file) => {
    const folder = folderWith(file);
    const before = filesOf(folder);
    const { end, stdout, stderr } = await run(["--resume", "--out", folder]);
    expect({ end, stdout }).toEqual({ end: 1, stdout: "" });
    expect(stderr).toMatch(/^.*checkpoint\.json is damaged: .*; nothing was changed\n$/);
    expect(filesOf(folder)).toEqual(before);
  });
});
