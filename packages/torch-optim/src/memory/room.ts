import { has_simd } from "./simd.ts";
import { Slab } from "./slab.ts";

/**
 * Arrays for which a room has space: a parameter's values, its gradient, and the state of two
 * optimizers that keep three numbers each. Space costs nothing until it is used.
 */
const ARRAYS = 8;
/** Without these, an optimizer's state would not fit beside values and gradient. */
const FEWEST = 4;

/** Bytes that WebAssembly can address. */
const LARGEST = 2 ** 32;
/** Bytes of the first slab that parameters share; each has twice as many as the one before it. */
const FIRST_SHARED = 2 ** 24;
const LARGEST_SHARED = 2 ** 28;

/** Space for arrays that a kernel can work on together: those of a parameter, or of an optimizer. */
export class Room {
  static readonly #lent = new FinalizationRegistry<Place>(({ room, place, bytes }) => {
    room.#free.push({ place, bytes });
  });

  readonly #slab: Slab;
  /** Bytes that were not handed out yet. */
  #left: number;
  /** The places of arrays that nobody has any more. */
  readonly #free: { place: number; bytes: number }[] = [];

  constructor(slab: Slab, bytes: number) {
    this.#slab = slab;
    this.#left = bytes;
  }

  /** Zeros that are in use as long as the room is; nothing if there is no space left. */
  take(length: number): Float32Array | undefined {
    const bytes = bytes_for(length);
    const again = this.#free.findIndex((free) => free.bytes === bytes);
    if (again >= 0) {
      const [{ place }] = this.#free.splice(again, 1);
      return new Float32Array(this.#slab.buffer, place, length).fill(0);
    }
    if (bytes > this.#left) return undefined;
    this.#left -= bytes;
    return new Float32Array(this.#slab.buffer, this.#slab.take(bytes), length);
  }

  /** Zeros that are in use until they are unreachable; nothing if there is no space left. */
  lend(length: number): Float32Array | undefined {
    const array = this.take(length);
    if (array) {
      const { byteOffset: place } = array;
      Room.#lent.register(array, { room: this, place, bytes: bytes_for(length) });
    }
    return array;
  }
}

/** Where an array of a room was. */
interface Place {
  readonly room: Room;
  readonly place: number;
  readonly bytes: number;
}

/** The slab that has space for more parameters; it goes when the last of them does. */
let shared: WeakRef<Slab> | undefined;
let next_shared = FIRST_SHARED;

/** A room for some arrays of so many numbers; nothing where no kernel could work in it. */
export function make_room(length: number, most = ARRAYS): Room | undefined {
  const array = bytes_for(length);
  const arrays = Math.min(most, Math.floor(LARGEST / array));
  if (arrays < FEWEST || !has_simd()) return undefined;
  const bytes = arrays * array;
  try {
    return new Room(slab_for(bytes), bytes);
  } catch (error) {
    // The engine has no more memory of this kind, but may have other.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function slab_for(bytes: number): Slab {
  const slab = shared?.deref();
  if (slab?.promise(bytes)) return slab;
  if (bytes > FIRST_SHARED / ARRAYS && bytes > next_shared / ARRAYS)
    return promised(new Slab(bytes), bytes);
  const next = new Slab(next_shared);
  next_shared = Math.min(2 * next_shared, LARGEST_SHARED);
  shared = new WeakRef(next);
  return promised(next, bytes);
}

function promised(slab: Slab, bytes: number): Slab {
  slab.promise(bytes);
  return slab;
}

/** Bytes for so many numbers, up to where the next vector can begin. */
function bytes_for(length: number): number {
  return Math.max(16, Math.ceil(length / 4) * 16);
}
