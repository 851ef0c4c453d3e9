import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as torch from "torch-optim";
import { type CheckpointParts, load_pt, write_checkpoint } from "torch-optim-checkpoint";
import { z } from "zod";
import { EPOCH } from "./history.ts";
import { type CheckpointFormat, FORMATS, RUN_OPTIONS } from "./options.ts";
import { Refusal } from "./refusal.ts";
import { writeWhole } from "./write_whole.ts";

/** What a run is beside its numbers. The data's order follows from the seed and the epochs done. */
const COURSE = z.strictObject({ options: RUN_OPTIONS, history: z.array(EPOCH) });

/** All that a run needs to go on. */
const CHECKPOINT = COURSE.extend({
  /** The float32 values of each, in base64. */
  parameters: z.array(z.base64()),
  /** States: load_state_dict() judges them. */
  optimizer: z.custom<object>(),
  scheduler: z.custom<object>(),
});

/** What a file of PyTorch calls the parameters. */
const NAMES = ["w1", "b1", "w2", "b2"];

/** A checkpoint's file. */
const WHOLE = /^\{"sha256":"(.*?)","checkpoint":(.*)\}\n$/s;

export type Checkpoint = z.infer<typeof CHECKPOINT>;

/** The parts of a run that PyTorch knows as well. */
interface Living {
  readonly parameters: readonly torch.Parameter[];
  readonly optimizer: torch.optim.Optimizer;
  readonly scheduler: torch.optim.LRScheduler;
}

/** Where a run's checkpoint is, or will be if there is none. */
export function checkpointPath(folder: string, format = formatIn(folder) ?? "json"): string {
  return join(folder, `checkpoint.${format}`);
}

/** The format of the checkpoint in a folder, if there is one. */
export function formatIn(folder: string): CheckpointFormat | undefined {
  return FORMATS.find((format) => existsSync(checkpointPath(folder, format)));
}

/** Writes a checkpoint as PyTorch does, so that a crash at any moment leaves the last good one. */
export async function savePyTorch(
  folder: string,
  { options, history }: Pick<Checkpoint, "options" | "history">,
  { parameters, optimizer, scheduler }: Living,
): Promise<void> {
  const model = Object.fromEntries(NAMES.map((name, i) => [name, parameters[i]]));
  const parts = { model, optimizer, scheduler, extra: { options, history } };
  // What is checked to be plain data has types that do not say so.
  await write_checkpoint(checkpointPath(folder, "pt"), parts as CheckpointParts);
}

/** Writes a checkpoint so that a crash at any moment leaves the last good one. */
export function saveCheckpoint(folder: string, checkpoint: Checkpoint): void {
  const text = JSON.stringify(checkpoint);
  writeWhole(checkpointPath(folder, "json"), `{"sha256":"${digest(text)}","checkpoint":${text}}\n`);
}

/**
 * Reads a checkpoint, which must be whole to the last byte.
 *
 * @throws Refusal if it is damaged.
 */
export function loadCheckpoint(folder: string): Checkpoint {
  const file = readFileSync(checkpointPath(folder));
  const isPyTorch = formatIn(folder) === "pt";
  return orDamaged(folder, () => (isPyTorch ? fromPyTorch(file) : fromJson(file.toString())));
}

function fromJson(file: string): Checkpoint {
  const [, sha256, text = ""] = WHOLE.exec(file) ?? [];
  if (sha256 !== digest(text)) throw new Error("its checksum does not fit");
  return CHECKPOINT.parse(JSON.parse(text));
}

function fromPyTorch(file: Uint8Array): Checkpoint {
  const { model, optimizer, scheduler, extra } = load_pt(file);
  const parameters = NAMES.map((name) => {
    const data = Object.hasOwn(model, name) ? model[name].data : undefined;
    if (!(data instanceof Float32Array)) throw new Error(`model.${name} must be float32`);
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
  });
  return { ...COURSE.parse(extra), parameters, optimizer, scheduler };
}

/** What `read` makes of a folder's checkpoint; where it fails, the checkpoint is refused. */
export function orDamaged<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const path = checkpointPath(folder);
    throw new Refusal(`${path} is damaged: ${reasonOf(cause)}; nothing was changed`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) {
    const [{ path, message }] = cause.issues;
    return `${path.join(".")}: ${message}`;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
