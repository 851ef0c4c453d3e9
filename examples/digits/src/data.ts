import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Split, splitImages } from "./images.ts";

/** The handwritten digits, shuffled and split into those to train on and those held out. */
export function loadDigits(seed: number): Split {
  const file = new URL("../data/digits.csv.gz", import.meta.url);
  return splitImages(gunzipSync(readFileSync(file)).toString(), seed);
}
