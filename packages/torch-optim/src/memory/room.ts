import { make_shared_memory } from "./shared_memory.ts";
import { bytes_for, type Room, Slab } from "./slab.ts";
import { make_memory } from "./wasm_memory.ts";

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

/**
 * The slab that has space for more rooms. It alone is held here, with or without arrays in use: a
 * weak reference would keep it, and all before it, until a program that makes parameters in a loop
 * comes to its end.
 */
let shared: Slab | undefined;
let next_shared = FIRST_SHARED;

/** A room for some arrays of so many numbers; nothing where no kernel could work in it. */
export function make_room(length: number, most = ARRAYS): Room | undefined {
  const array = bytes_for(length);
  const arrays = Math.min(most, Math.floor(LARGEST / array));
  if (arrays < FEWEST) return undefined;
  const bytes = arrays * array;
  return bytes > LARGEST_SHARING ? own_room(bytes) : shared_room(bytes);
}

function own_room(bytes: number): Room | undefined {
  const buffer = make_memory(bytes);
  return buffer && new Slab(buffer, bytes).room(bytes);
}

function shared_room(bytes: number): Room | undefined {
  const room = shared?.room(bytes);
  if (room) return room;
  const size = next_shared;
  const buffer = make_shared_memory(size);
  next_shared = buffer ? Math.min(2 * size, LARGEST_SHARED) : FIRST_SHARED;
  if (!buffer) return undefined;
  shared = new Slab(buffer, size);
  return shared.room(bytes);
}
