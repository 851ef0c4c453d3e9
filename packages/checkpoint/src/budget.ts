import { CheckpointError } from "./checkpoint_error.ts";

/** How much a small file may always take. */
const ROOM = 2 ** 24;
/** How many times its own length a file may take beyond that. */
const TIMES = 4;

/** How much memory a file may still take, in bytes. It is asked before memory is taken. */
export class Budget {
  readonly #most: number;
  #left: number;

  /** @param most - Default: four times the file's length and 16 MiB. */
  constructor(size: number, most = TIMES * size + ROOM) {
    this.#most = most;
    this.#left = most;
  }

  /** Refuses what is not there; `place` is what asks for it in the file. */
  take(bytes: number, place: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw new CheckpointError(
      place,
      `what is in it must fit into ${this.#most} bytes of memory, and here it does not any more; ` +
        "a larger max_bytes lets it",
    );
  }
}
