import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { shuffled } from "./random.ts";

/** Pixels of an image, and digits there are. */
export const PIXELS = 64;
export const DIGITS = 10;

const HELD_OUT = 360;
const BRIGHTEST = 16;

/** Images with values from 0 to 1, row by row, and the digit that each shows. */
export interface Images {
  readonly count: number;
  readonly pixels: Float32Array;
  readonly digits: Uint8Array;
}

/** The handwritten digits, shuffled and split into those to train on and those held out. */
export function loadDigits(seed: number): { train: Images; heldOut: Images } {
  const file = new URL("../data/digits.csv.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  const rows = shuffled(lines.length, seed, 0).map((i) => lines[i].split(",").map(Number));
  const split = rows.length - HELD_OUT;
  return { train: toImages(rows.slice(0, split)), heldOut: toImages(rows.slice(split)) };
}

function toImages(rows: readonly (readonly number[])[]): Images {
  return {
    count: rows.length,
    pixels: Float32Array.from(
      rows.flatMap((row) => row.slice(0, PIXELS).map((x) => x / BRIGHTEST)),
    ),
    digits: Uint8Array.from(rows, (row) => row[PIXELS]),
  };
}

/** Copies the images at `indices`, and their digits as one-hot rows, into a batch. */
export function fillBatch(
  { pixels, digits }: Images,
  indices: readonly number[],
  x: Float32Array,
  y: Float32Array,
): void {
  y.fill(0);
  for (let row = 0; row < indices.length; row++) {
    const i = indices[row];
    x.set(pixels.subarray(i * PIXELS, (i + 1) * PIXELS), row * PIXELS);
    y[row * DIGITS + digits[i]] = 1;
  }
}
