import type { FileSource } from "../source.ts";
import type { Plan } from "../zip/write_zip.ts";

/** Where checkpoints are kept. */
export interface Store {
  /**
   * Writes a file so that a crash at any moment leaves the last one that was whole, and keeps so many.
   * What the plan's pieces hold is read before this returns.
   */
  write(path: string, plan: Plan, keep: number): Promise<void>;
  /** Gives a file to `use`: the newest, or the one so many before it; refused if there is none. */
  read<Result>(
    path: string,
    back: number,
    use: (file: FileSource) => Promise<Result>,
  ): Promise<Result>;
}

/** That there is no such checkpoint. */
export function missing(path: string, back: number): Error {
  const which = back === 0 ? "no checkpoint" : `no checkpoint ${back} before the newest`;
  return new Error(`read_checkpoint: there is ${which} at ${JSON.stringify(path)}`);
}

/** Work that is done one after another where it is on the same path. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(path) ?? Promise.resolve();
    const done = before.then(work, work);
    this.#last.set(path, done);
    const forget = () => {
      if (this.#last.get(path) === done) this.#last.delete(path);
    };
    done.then(forget, forget);
    return done;
  }
}
