import { shuffled } from "./random.ts";

/** Pixels of an image, and digits there are. */
export const PIXELS = 64;
export const DIGITS = 10;

/** How many of the images are for training; the rest is held out. */
export const TRAINING_IMAGES = 1437;

const BRIGHTEST = 16;

/** Images with values from 0 to 1, row by row, and the digit that each shows. */
export interface Images {
  readonly pixels: Float32Array;
  readonly digits: Int32Array;
}

/** Those to train on and those held out. */
export interface Split {
  readonly train: Images;
  readonly heldOut: Images;
}

/** The images of a text with one in each line, shuffled and split. */
export function splitImages(text: string, seed: number): Split {
  const rows = text.trim().split("\n");
  const all = toImages(rows.map((row) => row.split(",").map(Number)));
  const order = shuffled(rows.length, seed, 0);
  return {
    train: take(all, order.slice(0, TRAINING_IMAGES)),
    heldOut: take(all, order.slice(TRAINING_IMAGES)),
  };
}

function toImages(rows: readonly (readonly number[])[]): Images {
  return {
    pixels: Float32Array.from(
      rows.flatMap((row) => row.slice(0, PIXELS)),
      (value) => value / BRIGHTEST,
    ),
    digits: Int32Array.from(rows, (row) => row[PIXELS]),
  };
}

/** The images at `indices`. */
export function take({ pixels, digits }: Images, indices: readonly number[]): Images {
  const taken = new Float32Array(indices.length * PIXELS);
  for (const [row, i] of indices.entries()) {
    taken.set(pixels.subarray(i * PIXELS, (i + 1) * PIXELS), row * PIXELS);
  }
  return { pixels: taken, digits: Int32Array.from(indices, (i) => digits[i]) };
}
