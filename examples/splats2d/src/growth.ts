import { influence, type Splat, split } from "./splat.ts";

/** What became of the splats, and how many it concerns. */
export interface Grown {
  readonly splats: Splat[];
  /** The rows of those that were there before; they come first. */
  readonly keep: number[];
  readonly pruned: number;
  readonly added: number;
}

/** How splats grow in number. */
export interface GrowthOptions {
  /** The pixels of the picture. */
  readonly pixels: number;
  /** How many there may be. */
  readonly most: number;
  /** How many are split, as a share of those that there are. */
  readonly share: number;
}

/** The sum of squares below which a splat is not missed: a pixel whose colours are off by an eighth. */
const TOO_LITTLE = 0.05;

/** Takes out splats that do next to nothing, and splits those that have been pulled about most. */
export function grow(
  all: readonly Splat[],
  pulls: Float32Array,
  { pixels, most, share }: GrowthOptions,
): Grown {
  const keep = [...all.keys()].filter((row) => influence(all[row], pixels) > TOO_LITTLE);
  const room = Math.min(Math.ceil(share * keep.length), most - keep.length);
  const parents = keep.toSorted((a, b) => pulls[b] - pulls[a]).slice(0, Math.max(0, room));
  const halves = new Map(parents.map((row) => [row, split(all[row])]));
  return {
    splats: [
      ...keep.map((row) => halves.get(row)?.[0] ?? all[row]),
      ...parents.flatMap((row) => halves.get(row)?.[1] ?? []),
    ],
    keep,
    pruned: all.length - keep.length,
    added: parents.length,
  };
}
