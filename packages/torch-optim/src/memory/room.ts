import { bytes_for, make_slab, type Room, type Slab } from "./slab.ts";

/**
 * Arrays for which a room has space: a parameter's values, its gradient, and the state of two
 * optimizers that keep three numbers each. Space costs nothing until it is used.
 */
const ARRAYS = 8;
/** Without these, an optimizer's state would not fit beside values and gradient. */
const FEWEST = 4;

/** Bytes that WebAssembly can address. */
const LARGEST = 2 ** 32;
/** Bytes of the first slab that rooms share; each has twice as many as the one before it. */
const FIRST_SHARED = 2 ** 24;
const LARGEST_SHARED = 2 ** 27;
/** A larger room, that of a parameter of more than half a million numbers, has a slab of its own. */
const LARGEST_SHARING = LARGEST_SHARED / 8;

/** Copies that there can be at a time, as no kernel has more arrays, and the numbers that each holds. */
const COPIES = 8;
export const COPIED = 4096;

/**
 * The slab that has space for more rooms. It alone is held here, with or without arrays in use: a
 * weak reference would keep it, and all before it, until a program that makes parameters in a loop
 * comes to its end.
 */
let shared: Slab | undefined;
let next_shared = FIRST_SHARED;
/** They stand in the first slab, so that there are some wherever there is any memory. */
let copies: readonly Float32Array[] | undefined;

/** A room for some arrays of so many numbers; nothing where no kernel could work in it. */
export function make_room(length: number, most = ARRAYS): Room | undefined {
  const array = bytes_for(length);
  const arrays = Math.min(most, Math.floor(LARGEST / array));
  if (arrays < FEWEST) return undefined;
  const bytes = arrays * array;
  return bytes > LARGEST_SHARING ? make_slab(bytes)?.room(bytes) : shared_room(bytes);
}

/** Where copies stand while a kernel works on them; nothing where no kernel could. */
export function space_for_copies(): readonly Float32Array[] | undefined {
  if (!copies) shared_room(0);
  return copies;
}

function shared_room(bytes: number): Room | undefined {
  const room = shared?.room(bytes);
  if (room) return room;
  const slab = make_slab(next_shared);
  next_shared = slab ? Math.min(2 * next_shared, LARGEST_SHARED) : FIRST_SHARED;
  if (!slab) return undefined;
  shared = slab;
  copies ??= copies_in(slab);
  return shared_room(bytes);
}

function copies_in(slab: Slab): readonly Float32Array[] | undefined {
  const space = slab.room(bytes_for(COPIES * COPIED))?.take(COPIES * COPIED);
  return (
    space &&
    Array.from({ length: COPIES }, (_, k) => space.subarray(k * COPIED).subarray(0, COPIED))
  );
}
