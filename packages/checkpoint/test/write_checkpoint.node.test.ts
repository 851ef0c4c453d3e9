import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import {
  CheckpointError,
  load_pt,
  read_checkpoint,
  write_checkpoint,
} from "torch-optim-checkpoint";
import { afterAll, describe, expect, it, test } from "vitest";
import { fixture } from "./support/fixtures.ts";

const ROOT = mkdtempSync(join(tmpdir(), "checkpoint-"));
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

const folder = () => mkdtempSync(join(ROOT, "run-"));

/** The program that crashes, built: it starts many times. */
const SUPPORT = join(import.meta.dirname, "support");
buildSync({
  entryPoints: [join(SUPPORT, "writes.ts"), join(SUPPORT, "crash.ts")],
  outdir: ROOT,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  conditions: ["@torch-optim/source"],
});

/** The checkpoint of an epoch, of which every number tells which it is. */
const parts = (epoch: number) => ({
  model: { weight: new Float32Array(1000).fill(epoch) },
  extra: { epoch },
});

/** The epoch of a checkpoint, all of whose numbers must be of that one. */
async function epoch_of(path: string, back = 0): Promise<unknown> {
  const { model, extra } = await read_checkpoint(path, { back });
  expect(model.weight.data).toEqual(new Float32Array(1000).fill(Number(extra.epoch)));
  return extra.epoch;
}

/** Writes the checkpoints of some epochs in a process that is killed at a step of the last one. */
function write_and_crash(path: string, from: number, to: number, keep: number, crash_at: number) {
  const { signal, status, stderr } = spawnSync(
    process.execPath,
    [
      "--import",
      join(ROOT, "crash.mjs"),
      join(ROOT, "writes.mjs"),
      path,
      ...[from, to, keep].map(String),
    ],
    { env: { ...process.env, CRASH_AT: String(crash_at) }, encoding: "utf8" },
  );
  if (signal !== "SIGKILL" && status !== 0) throw new Error(stderr);
  return signal;
}

describe("a checkpoint", () => {
  test.each([
    "checkpoint.pt",
    "checkpoint.pth",
    "checkpoint.safetensors",
  ])("is read from %s as it was written", async (name) => {
    const path = join(folder(), name);
    await write_checkpoint(path, parts(7));
    expect(await epoch_of(path)).toBe(7);
    expect(readdirSync(join(path, ".."))).toEqual([name]);
  });

  it("is what load_pt reads, and what PyTorch wrote is read by it", async () => {
    const path = join(folder(), "checkpoint.pt");
    await write_checkpoint(path, parts(1));
    expect(load_pt(readFileSync(path))).toEqual(await read_checkpoint(path));
    writeFileSync(path, fixture("training.pt"));
    expect(await read_checkpoint(path)).toEqual(load_pt(fixture("training.pt")));
  });

  it("is kept with those before it, as many as one wants", async () => {
    const path = join(folder(), "checkpoint.pt");
    for (let epoch = 1; epoch <= 5; epoch++)
      await write_checkpoint(path, parts(epoch), { keep: 3 });
    expect(readdirSync(join(path, "..")).sort()).toEqual([
      "checkpoint.1.pt",
      "checkpoint.2.pt",
      "checkpoint.pt",
    ]);
    expect([await epoch_of(path), await epoch_of(path, 1), await epoch_of(path, 2)]).toEqual([
      5, 4, 3,
    ]);
    await write_checkpoint(path, parts(6), { keep: 2 });
    expect(readdirSync(join(path, "..")).sort()).toEqual(["checkpoint.1.pt", "checkpoint.pt"]);
    await expect(read_checkpoint(path, { back: 2 })).rejects.toThrow(
      "read_checkpoint: there is no checkpoint 2 before the newest at ",
    );
  });

  it("is that of the moment of the call, whatever training does while it is flushed", async () => {
    const path = join(folder(), "checkpoint.pt");
    const state = parts(1);
    const first = write_checkpoint(path, state, { keep: 2 });
    state.model.weight.fill(2);
    state.extra.epoch = 2;
    const second = write_checkpoint(path, state, { keep: 2 });
    state.model.weight.fill(3);
    await Promise.all([first, second]);
    expect([await epoch_of(path), await epoch_of(path, 1)]).toEqual([2, 1]);
  });

  it("that a crash at any moment interrupts leaves the last whole ones, and the next one comes through", async () => {
    const path = join(folder(), "checkpoint.pt");
    const outcomes = new Set<string>();
    const epoch = 4;
    for (let step = 1; ; step++) {
      for (const name of readdirSync(join(path, ".."))) rmSync(join(path, "..", name));
      const signal = write_and_crash(path, 1, epoch + 1, 3, step);
      if (signal === null) break;
      const newest = await epoch_of(path);
      expect([epoch - 1, epoch]).toContain(newest);
      // The one before it is whole as well, under the first or the second number.
      const names = readdirSync(join(path, "..")).filter((name) =>
        /^checkpoint\.\d\.pt$/.test(name),
      );
      const kept = await Promise.all(names.map((name) => epoch_of(join(path, "..", name))));
      expect(kept).toContain((newest as number) - 1);
      outcomes.add(String(newest));
      await write_checkpoint(path, parts(9), { keep: 3 });
      expect(await epoch_of(path)).toBe(9);
      expect(await epoch_of(path, 1)).toBe(newest);
    }
    expect([...outcomes]).toEqual(["3", "4"]);
  });

  it("leaves what others write, and removes what was left half-written long ago", async () => {
    const path = join(folder(), "checkpoint.pt");
    const [old, fresh] = ["0123456789abcdef", "fedcba9876543210"].map(
      (id) => `${path}.${id}.partial`,
    );
    writeFileSync(old, "old");
    utimesSync(old, 0, 0);
    writeFileSync(fresh, "fresh");
    writeFileSync(join(path, "..", "checkpoint.1.pt"), "mine");
    await write_checkpoint(path, parts(1));
    expect(readdirSync(join(path, "..")).sort()).toEqual([
      "checkpoint.1.pt",
      "checkpoint.pt",
      "checkpoint.pt.fedcba9876543210.partial",
    ]);
  });

  it("that is refused leaves the one that is there, and no other file", async () => {
    const path = join(folder(), "checkpoint.pt");
    await write_checkpoint(path, parts(1));
    const refused = write_checkpoint(path, { model: { weight: "none" } } as never);
    await expect(refused).rejects.toThrow("write_checkpoint: model.weight must be a tensor");
    expect(await epoch_of(path)).toBe(1);
    expect(readdirSync(join(path, ".."))).toEqual(["checkpoint.pt"]);
  });

  test.each([
    ["checkpoint.json", {}, "write_checkpoint: path must end in .pt, .pth or .safetensors"],
    [
      "checkpoint.pt",
      { keep: 0 },
      "write_checkpoint: keep must be a whole number of at least 1, got 0",
    ],
  ])("is refused at %s with %j", async (name, options, sentence) => {
    await expect(write_checkpoint(join(folder(), name), parts(1), options)).rejects.toThrow(
      sentence,
    );
  });

  it("that is not there, or is damaged, is refused in a sentence", async () => {
    const path = join(folder(), "checkpoint.pt");
    await expect(read_checkpoint(path)).rejects.toThrow(
      "read_checkpoint: there is no checkpoint at ",
    );
    await write_checkpoint(path, parts(1));
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(path, bytes);
    await expect(read_checkpoint(path)).rejects.toThrow(CheckpointError);
  });
});
