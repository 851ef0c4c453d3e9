import { make_slab, type Slab } from "./slab.ts";

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

/** Arrays of which there can be copies at a time, and the numbers that a copy holds. */
export const COPIES = 8;
export const COPIED = 4096;

/**
 * Space for arrays that a kernel can work on together: those of a parameter, or of an optimizer. They
 * are taken from the slab one by one, so what is in use stands close together there.
 */
export class Room {
  readonly #slab: Slab;
  /** Bytes that were not handed out yet. */
  #left: number;

  constructor(slab: Slab, bytes: number) {
    this.#slab = slab;
    this.#left = bytes;
  }

  /** Zeros that nobody else has or will have; nothing if there is no space left. */
  take(length: number): Float32Array | undefined {
    const bytes = bytes_for(length);
    if (bytes > this.#left) return undefined;
    this.#left -= bytes;
    return new Float32Array(this.#slab.buffer, this.#slab.take(bytes), length);
  }
}

/**
 * The slab that has space for more rooms. It alone is held here, with or without arrays in use: a
 * weak reference would keep it, and all before it, until a program that makes parameters in a loop
 * comes to its end.
 */
let shared: Slab | undefined;
let next_shared = FIRST_SHARED;
/** It stands in the first slab, so that there is one wherever there is any memory. */
let copies: Room | undefined;

/** A room for some arrays of so many numbers; nothing where no kernel could work in it. */
export function make_room(length: number, most = ARRAYS): Room | undefined {
  const array = bytes_for(length);
  const arrays = Math.min(most, Math.floor(LARGEST / array));
  if (arrays < FEWEST) return undefined;
  const bytes = arrays * array;
  return bytes > LARGEST_SHARING ? room_in(make_slab(bytes), bytes) : shared_room(bytes);
}

/** The room where kernels work on copies; nothing where no kernel could. */
export function room_for_copies(): Room | undefined {
  if (!copies) shared_room(0);
  return copies;
}

function shared_room(bytes: number): Room | undefined {
  const room = room_in(shared, bytes);
  if (room) return room;
  const slab = make_slab(next_shared);
  next_shared = slab ? Math.min(2 * next_shared, LARGEST_SHARED) : FIRST_SHARED;
  if (!slab) return undefined;
  shared = slab;
  copies ??= room_in(slab, COPIES * bytes_for(COPIED));
  return shared_room(bytes);
}

function room_in(slab: Slab | undefined, bytes: number): Room | undefined {
  return slab?.promise(bytes) ? new Room(slab, bytes) : undefined;
}

/** Bytes for so many numbers, up to where the next vector can begin. */
function bytes_for(length: number): number {
  return Math.max(16, Math.ceil(length / 4) * 16);
}
