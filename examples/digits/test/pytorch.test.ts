import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadCheckpoint } from "../src/checkpoint.ts";
import type { RunOptions } from "../src/options.ts";
import { Run } from "../src/train.ts";
import { filesOf, run, temporaryFolder } from "./support/program.ts";

const FOLDER = temporaryFolder();
const OPTIONS = ["--epochs", "8", "--batch-size", "512", "--seed", "3"];
const PT = ["--checkpoint-format", "pt"];
const TAKEN_UP = 10;
const HANDED_BACK = 20;
const FIXTURE = join(import.meta.dirname, "fixtures", "from_pytorch.pt");

/** The run in reference/digits_round_trip.ts, which the real PyTorch took up and handed back. */
const ROUND_TRIP: RunOptions = {
  epochs: 30,
  batchSize: 128,
  optimizer: "adamw",
  lr: 0.03,
  seed: 0,
  schedule: null,
};

function folderWith(checkpoint: string | Uint8Array): string {
  const folder = join(FOLDER, "given");
  mkdirSync(folder, { recursive: true });
  if (typeof checkpoint === "string") copyFileSync(checkpoint, join(folder, "checkpoint.pt"));
  else writeFileSync(join(folder, "checkpoint.pt"), checkpoint);
  return folder;
}

describe("a run whose checkpoints are PyTorch's", () => {
  test("ends, to the last bit, as one whose are JSON, killed and resumed on the way", async () => {
    const [json, pt] = ["json", "pt"].map((name) => join(FOLDER, name));
    expect((await run([...OPTIONS, "--out", json])).end).toBe(0);
    const killed = await run([...OPTIONS, ...PT, "--out", pt], {
      onOutput: (stdout, child) => {
        if (/^epoch +3/m.test(stdout)) child.kill("SIGKILL");
      },
    });
    expect(killed.end).toBe("SIGKILL");
    const { end, stdout } = await run(["--resume", "--out", pt]);
    expect(end).toBe(0);
    expect(stdout).toContain(`Checkpoint: ${join(pt, "checkpoint.pt")}\n`);
    expect(readdirSync(pt).sort()).toEqual(["checkpoint.pt", "history.csv", "history.svg"]);
    for (const name of ["history.csv", "history.svg"]) {
      expect(readFileSync(join(pt, name), "utf8")).toBe(readFileSync(join(json, name), "utf8"));
    }
    const [one, other] = [pt, json].map((folder) => Run.resume(loadCheckpoint(folder)));
    expect(one.checkpoint()).toEqual(other.checkpoint());
  });

  test("is refused with checkpoints of another kind, and nothing is changed", async () => {
    const folder = folderWith(FIXTURE);
    const before = filesOf(folder);
    const { end, stderr } = await run(["--resume", "--out", folder, "--checkpoint-format", "json"]);
    expect(end).toBe(1);
    expect(stderr).toBe(
      `the run in ${folder} keeps its checkpoints as pt and cannot go on with ` +
        "--checkpoint-format json; nothing was changed\n",
    );
    expect(filesOf(folder)).toEqual(before);
  });

  test("is refused if a byte of its checkpoint is another", async () => {
    const file = readFileSync(FIXTURE);
    file[file.length >> 1] ^= 1;
    const { end, stderr } = await run(["--resume", "--out", folderWith(file)]);
    expect(end).toBe(1);
    expect(stderr).toMatch(
      /checkpoint\.pt is damaged: at byte \d+ of the file: .*; nothing was changed\n$/,
    );
  });
});

test("a run that PyTorch took up and handed back goes on as one that never left", () => {
  const back = Run.resume(loadCheckpoint(folderWith(FIXTURE)));
  expect(back.history).toHaveLength(HANDED_BACK);
  while (!back.isDone) back.trainEpoch();
  const whole = new Run(ROUND_TRIP);
  while (!whole.isDone) whole.trainEpoch();
  for (const [i, { loss, lr, phase, accuracy }] of whole.history.entries()) {
    const other = back.history[i];
    expect(other.phase).toBe(phase);
    expect(Math.abs(other.lr - lr)).toBeLessThanOrEqual(1e-12 * ROUND_TRIP.lr);
    // Until it left it is the same run.
    if (i < TAKEN_UP) expect(other).toMatchObject({ loss, lr });
    expect(Math.abs(other.loss - loss)).toBeLessThan(1e-5);
    expect(Math.abs(other.accuracy - accuracy)).toBeLessThan(0.01);
  }
});
