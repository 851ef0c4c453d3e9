import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { EPOCH } from "./history.ts";
import { RUN_OPTIONS } from "./options.ts";
import { Refusal } from "./refusal.ts";
import { writeWhole } from "./write_whole.ts";

/** All that a run needs to go on. The data's order follows from the seed and the epochs done. */
const CHECKPOINT = z.strictObject({
  options: RUN_OPTIONS,
  /** The float32 values of each, in base64. */
  parameters: z.array(z.base64()),
  /** States: load_state_dict() judges them. */
  optimizer: z.custom<object>(),
  scheduler: z.custom<object>(),
  history: z.array(EPOCH),
});

/** A checkpoint's file. */
const WHOLE = /^\{"sha256":"(.*?)","checkpoint":(.*)\}\n$/s;

export type Checkpoint = z.infer<typeof CHECKPOINT>;

/** Where a run's checkpoint is. */
export function checkpointPath(folder: string): string {
  return join(folder, "checkpoint.json");
}

/** Writes a checkpoint so that a crash at any moment leaves the last good one. */
export function saveCheckpoint(folder: string, checkpoint: Checkpoint): void {
  const text = JSON.stringify(checkpoint);
  writeWhole(checkpointPath(folder), `{"sha256":"${digest(text)}","checkpoint":${text}}\n`);
}

/**
 * Reads a checkpoint, which must be whole to the last byte.
 *
 * @throws Refusal if it is damaged.
 */
export function loadCheckpoint(folder: string): Checkpoint {
  const file = readFileSync(checkpointPath(folder), "utf8");
  return orDamaged(folder, () => {
    const [, sha256, text = ""] = WHOLE.exec(file) ?? [];
    if (sha256 !== digest(text)) throw new Error("its checksum does not fit");
    return CHECKPOINT.parse(JSON.parse(text));
  });
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
