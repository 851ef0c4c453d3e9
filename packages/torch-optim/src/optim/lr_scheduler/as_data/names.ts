import { is_own } from "./registry.ts";

/** What the name of a class says in any case, and a variable need not. */
const SUFFIX = /(LR|Scheduler)$/;

/** Gives out the names of a program's variables, each once. */
export class Names {
  /** How many were given out that differ in their number alone. */
  readonly #counts = new Map<string, number>();

  /** @param joined - Makes one name of words. */
  constructor(readonly joined: (words: readonly string[]) => string) {}

  /** A name for a scheduler of this type. */
  of(type: string): string {
    return this.#unique(words_of_variable(type));
  }

  /** A name for a selection of an option. */
  of_option(option: string): string {
    return this.#unique([...words_of(option), "option"]);
  }

  #unique(words: readonly string[]): string {
    const name = this.joined(words);
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count === 1 ? name : this.joined([...words, String(count)]);
  }
}

/**
 * The words of a variable. That for a class of the user's own says that it is a scheduler: so none
 * is a word of the language, an `optimizer`, or another one's name with a number.
 */
function words_of_variable(type: string): string[] {
  if (is_own(type)) return [...words_of(type), "scheduler"];
  return words_of(type.replace(SUFFIX, ""));
}

/** The words of a class's name, in lower case. */
export function words_of(type: string): string[] {
  const words = type.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+/g) ?? [type];
  return words.map((word) => word.toLowerCase());
}
