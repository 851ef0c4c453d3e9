import type { Checkpoint, CheckpointParts } from "../checkpoint.ts";
import { shown } from "../checkpoint_error.ts";
import { type LoadOptions, load_pt } from "../pt/load_pt.ts";
import { plan_pt } from "../pt/save_pt.ts";
import { load_safetensors } from "../safetensors/load_safetensors.ts";
import { plan_checkpoint } from "../safetensors/save_safetensors.ts";
import type { FileSource } from "../source.ts";
import { browser_store } from "./browser_store.ts";
import { node_store } from "./node_store.ts";
import type { Store } from "./store.ts";

/** Options for writing a checkpoint to its place. */
export interface WriteOptions {
  /** How many are kept, the newest included; a whole number of at least 1. Default 1. */
  keep?: number;
}

/** Options for reading a checkpoint from its place. */
export interface ReadCheckpointOptions extends LoadOptions {
  /** Which one: 0 is the newest, 1 the one before it. Default 0. */
  back?: number;
}

const FORMATS = {
  pt: { plan: plan_pt, load: (file: FileSource, options: LoadOptions) => load_pt(file, options) },
  safetensors: {
    plan: plan_checkpoint,
    load: (file: FileSource, options: LoadOptions) => load_safetensors(file, options),
  },
} as const;

/** The formats by the endings of names. */
const ENDINGS: Readonly<Record<string, keyof typeof FORMATS>> = {
  pt: "pt",
  pth: "pt",
  bin: "pt",
  ckpt: "pt",
  safetensors: "safetensors",
};

let found: Store | undefined;

/** Where checkpoints are kept here. */
function store(): Store {
  found ??= node_store() ?? browser_store();
  return found;
}

/**
 * Writes a checkpoint to its place: a file in Node.js; in browsers a name in the origin's private file
 * system, or in IndexedDB where pages cannot write to that. A crash at any moment leaves the last one that
 * was whole: it is written under a name of its own, flushed, and renamed.
 *
 * With `keep: 3` the two before it stay as well, in Node.js as `checkpoint.1.pt` and `checkpoint.2.pt`.
 *
 * What it is given is read before this returns, so training may go on while it is flushed.
 *
 * @param path - Ends in `.pt` or `.pth` for PyTorch's form, in `.safetensors` for that.
 * @throws TypeError, RangeError or Error that names the part, as `save_pt` does, or the system's own error;
 *   what was there is still there then.
 * @example
 * ```ts
 * await write_checkpoint("runs/checkpoint.pt", { model, optimizer, scheduler }, { keep: 3 });
 * ```
 */
export async function write_checkpoint(
  path: string,
  parts: CheckpointParts,
  { keep = 1 }: WriteOptions = {},
): Promise<void> {
  const format = format_of("write_checkpoint", path);
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new RangeError(
      `write_checkpoint: keep must be a whole number of at least 1, got ${String(keep)}`,
    );
  }
  await store().write(path, FORMATS[format].plan("write_checkpoint", parts), keep);
}

/**
 * Reads a checkpoint that `write_checkpoint` has written, or in Node.js any file of its formats. Only what
 * the checkpoint is made of comes into memory.
 *
 * @throws CheckpointError if the file is damaged or hostile; Error if there is none.
 * @example
 * ```ts
 * const { model, optimizer, scheduler, extra } = await read_checkpoint("runs/checkpoint.pt");
 * ```
 */
export async function read_checkpoint(
  path: string,
  { back = 0, ...options }: ReadCheckpointOptions = {},
): Promise<Checkpoint> {
  const { load } = FORMATS[format_of("read_checkpoint", path)];
  if (!Number.isSafeInteger(back) || back < 0) {
    throw new RangeError(
      `read_checkpoint: back must be a whole number of at least 0, got ${String(back)}`,
    );
  }
  return store().read(path, back, (file) => load(file, options));
}

function format_of(owner: string, path: string): keyof typeof FORMATS {
  const [, ending = ""] = /\.(\w+)$/.exec(path) ?? [];
  if (Object.hasOwn(ENDINGS, ending)) return ENDINGS[ending];
  throw new RangeError(
    `${owner}: path must end in .pt, .pth or .safetensors, got ${shown(String(path))}`,
  );
}
