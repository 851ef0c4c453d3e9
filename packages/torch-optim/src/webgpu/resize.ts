import { COUNT, checked } from "../fields.ts";
import { refuse } from "../refusal.ts";
import { BYTES } from "./gpu_array.ts";
import type { GPUParameter } from "./gpu_parameter.ts";

/** Which rows of a parameter stay, and how many come. */
export interface ResizeOptions {
  /** The rows that stay, in their new order, by their numbers along the first dimension. Default: all. */
  keep?: Uint32Array | readonly number[];
  /** How many rows of zeros come after them. Default 0. */
  add?: number;
}

/**
 * Takes rows out of a parameter and adds new ones: its values, its gradient and all that optimizers remember
 * of it, together. Those that stay keep their moments; those that come begin with zeros, and so do their
 * values, which you then write. The count of steps goes on: the first steps of new rows under Adam, whose
 * moments it takes for settled, are up to `(1 - beta1) / √(1 - beta2)` times lr long, 3.2 by default. Under Rprop they begin with the least
 * step size.
 *
 * Afterwards `data` and `grad` are ranges of other buffers, and bind groups of yours must be made anew. Of
 * matrices under `Adafactor` it keeps nothing, and refuses them until `optimizer.destroy()`.
 *
 * @param parameter - Its first dimension is what changes: `[splats, 3]`, or one dimension.
 * @throws TypeError or RangeError for rows that are not there, or a count that is none; nothing has changed.
 * @example
 * ```ts
 * resize(positions, { keep: survivors, add: 100 });
 * positions.data.set(values_of_new_rows, 3 * survivors.length);
 * ```
 */
export function resize(parameter: GPUParameter, options: ResizeOptions = {}): void {
  if (parameter.is_destroyed) throw new Error("resize: the parameter was destroyed");
  const [rows, ...sides] = parameter.shape;
  if (rows === undefined) refuse("resize: the parameter's shape", "that of rows", []);
  const { keep = Uint32Array.from({ length: rows }, (_, i) => i), add = 0 } = options;
  const added = checked("resize: add", COUNT, add);
  if (!(keep instanceof Uint32Array) && !Array.isArray(keep)) {
    refuse("resize: keep", "a list of rows", keep);
  }
  const wrong = keep.findIndex((row) => !Number.isInteger(row) || row < 0 || row >= rows);
  if (wrong >= 0) {
    refuse(
      `resize: keep[${wrong}]`,
      `a whole number from 0 to ${rows - 1}`,
      keep[wrong],
      RangeError,
    );
  }
  if (parameter.has_sums) {
    throw new Error(
      "resize: a parameter of which Adafactor remembers sums of rows and columns cannot be resized, " +
        "before optimizer.destroy() forgets them",
    );
  }
  const width = sides.reduce((product, side) => product * side, 1);
  const most = parameter.device.limits.maxStorageBufferBindingSize;
  const bytes =
    BYTES * Math.max(parameter.data.length, (keep.length + added) * width, 1 + keep.length);
  if (bytes > most) {
    const expected = `at most ${most} bytes on this device (ask for a larger maxStorageBufferBindingSize in requestDevice)`;
    refuse("resize: a parameter, before and after,", expected, bytes, RangeError);
  }
  parameter.change_rows(Uint32Array.from(keep), added);
}
