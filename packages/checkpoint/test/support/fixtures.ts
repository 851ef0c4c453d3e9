import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PtValue, Tensor } from "torch-optim-checkpoint";

const FOLDER = join(import.meta.dirname, "..", "fixtures");

/** A file as PyTorch wrote it. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FOLDER, name)));
}

/** What PyTorch says is in the files. */
export const EXPECTED = JSON.parse(readFileSync(join(FOLDER, "expected.json"), "utf8")).files;

export function is_tensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "dtype" in value && "shape" in value;
}

/** Data as PyTorch's side describes it. */
export function described(value: PtValue): unknown {
  if (is_tensor(value)) {
    const { dtype, shape, data } = value;
    const values = Array.from<number | bigint, unknown>(data, worded);
    return { dtype, shape, values: dtype === "bool" ? values.map(Boolean) : values };
  }
  if (Array.isArray(value)) return value.map(described);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, described(item as PtValue)]);
    return Object.fromEntries(entries);
  }
  return worded(value);
}

function worded(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : { whole: String(value) };
  }
  return typeof value === "number" && !Number.isFinite(value) ? { word: String(value) } : value;
}
