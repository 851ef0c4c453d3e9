import { entry_of } from "./registry.ts";

/** What the name of a class says in any case, and a variable need not. */
const SUFFIX = /(LR|Scheduler)$/;

/** Gives out names of a program, each once. */
export class Names {
  readonly #taken: Set<string>;
  /** How many were given out of each kind. */
  readonly #counts = new Map<string, number>();

  /**
   * @param taken - Names that mean something else in the program, and the language's own words.
   * @param joined - Makes one name of words.
   */
  constructor(
    taken: Iterable<string>,
    readonly joined: (words: readonly string[]) => string,
  ) {
    this.#taken = new Set(taken);
  }

  /** A name for a scheduler of this type. */
  of(type: string): string {
    const words = words_of_variable(type);
    const kind = this.joined(words);
    let count = this.#counts.get(kind) ?? 0;
    let name: string;
    do {
      count += 1;
      name = count === 1 ? kind : this.joined([...words, String(count)]);
    } while (this.#taken.has(name));
    this.#counts.set(kind, count);
    this.#taken.add(name);
    return name;
  }
}

/** A class of the user's own says that it is a scheduler, so that its name is no word at all. */
function words_of_variable(type: string): string[] {
  const words = words_of(type);
  if (entry_of(type)?.home === undefined) return [...words, "scheduler"];
  return SUFFIX.test(type) ? words.slice(0, -1) : words;
}

/** The words of a class's name, in lower case. */
export function words_of(type: string): string[] {
  const words = type.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+/g) ?? [type];
  return words.map((word) => word.toLowerCase());
}
