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
/** Bytes of the first slab that rooms share; each has twice as many as the one before it. */
const FIRST_SHARED = 2 ** 24;
const LARGEST_SHARED = 2 ** 27;
/** A larger room, that of a parameter of more than half a million numbers, has a slab of its own. */
const LARGEST_SHARING = LARGEST_SHARED / 8;

/** Space for arrays that a kernel can work on together: those of a parameter, or of an optimizer. */
export class Room {
  static readonly #lent = new FinalizationRegistry<{ room: Room; stretch: Stretch }>(
    ({ room, stretch }) => room.#free.push(stretch),
  );

  readonly #slab: Slab;
  /** Bytes that were not handed out yet. */
  #left: number;
  /** What was lent and has come back. */
  readonly #free: Stretch[] = [];

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
      const stretch = { place: array.byteOffset, bytes: bytes_for(length) };
      Room.#lent.register(array, { room: this, stretch });
    }
    return array;
  }
}

/** Where an array is in its slab. */
interface Stretch {
  readonly place: number;
  readonly bytes: number;
}

/** The slab that has space for more rooms; it goes when the last of their arrays does. */
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

/** A slab in which so many bytes are promised. */
function slab_for(bytes: number): Slab {
  if (bytes > LARGEST_SHARING) return new_slab(bytes, bytes);
  const open = shared?.deref();
  if (open?.promise(bytes)) return open;
  const slab = new_slab(Math.max(next_shared, 4 * bytes), bytes);
  next_shared = Math.min(2 * slab.buffer.byteLength, LARGEST_SHARED);
  shared = new WeakRef(slab);
  return slab;
}

function new_slab(bytes: number, promised: number): Slab {
  const slab = new Slab(bytes);
  slab.promise(promised);
  return slab;
}

/** Bytes for so many numbers, up to where the next vector can begin. */
function bytes_for(length: number): number {
  return Math.max(16, Math.ceil(length / 4) * 16);
}
