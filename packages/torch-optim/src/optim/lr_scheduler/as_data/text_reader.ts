import { show } from "../../../refusal.ts";
import { SpecSyntaxError } from "./spec_error.ts";

const DEEPEST = 64;
const WORD = /[A-Za-z_]\w*/y;
const QUANTITY = /(?:\d+(?:\.\d*)?|\.\d+)(?:%|ep\b)/y;
const BYTE_ORDER_MARK = "\uFEFF";
/** The words that are no strings. */
export const CONSTANTS = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** What a text may hold between its pieces, and which values. */
interface Syntax {
  readonly space: RegExp;
  readonly number: RegExp;
  /** Whether strings need no quotes if they are words. */
  readonly has_bare_words: boolean;
}

export const SHORT_FORM: Syntax = {
  space: /\s*/y,
  number: /[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/y,
  has_bare_words: true,
};

export const JSON_TEXT: Syntax = {
  space: /[ \t\r\n]*/y,
  number: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y,
  has_bare_words: false,
};

/** Reads a text piece by piece; what it cannot read it refuses, pointing at the character. */
export class TextReader {
  /** The index of the next character. */
  position: number;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly syntax: Syntax,
  ) {
    this.position = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    this.#skip_space();
  }

  get is_at_end(): boolean {
    return this.position === this.text.length;
  }

  fail(message: string, position = this.position): never {
    throw new SpecSyntaxError(message, this.text, position);
  }

  /** Refuses what stands here. */
  expected(wanted: string): never {
    const character = String.fromCodePoint(this.text.codePointAt(this.position) ?? 0);
    return this.fail(`expected ${wanted}, got ${this.is_at_end ? "the end" : show(character)}`);
  }

  sees(symbol: string): boolean {
    return this.text.startsWith(symbol, this.position);
  }

  /** Whether `symbol` comes next; if so, it is read. */
  takes(symbol: string): boolean {
    const found = this.sees(symbol);
    if (found) this.#move(symbol.length);
    return found;
  }

  take(symbol: string, wanted = show(symbol)): void {
    if (!this.takes(symbol)) this.expected(wanted);
  }

  /** A name, if one comes next. */
  word(): string | undefined {
    return this.#match(WORD);
  }

  number(): number | undefined {
    const digits = this.#match(this.syntax.number);
    return digits === undefined ? undefined : Number(digits);
  }

  /** A number with a unit at it, such as `5%` or `2ep`, or one without. */
  quantity(): string | number | undefined {
    return (this.syntax.has_bare_words && this.#match(QUANTITY)) || this.number();
  }

  /** A value as in JSON. */
  value(): unknown {
    if (this.sees('"')) return this.#string();
    if (this.sees("[")) return this.list("[", "]", () => this.value());
    if (this.sees("{")) return Object.fromEntries(this.list("{", "}", () => this.#entry()));
    const start = this.position;
    const word = this.word();
    if (word === undefined) return this.quantity() ?? this.expected("a value");
    if (CONSTANTS.has(word)) return CONSTANTS.get(word);
    if (this.syntax.has_bare_words) return word;
    return this.fail("expected a value; a string needs quotes", start);
  }

  /** What stands between `open` and `close`, separated by commas. */
  list<T>(open: string, close: string, item: () => T): T[] {
    return this.nested(() => {
      const items: T[] = [];
      this.take(open);
      if (this.takes(close)) return items;
      do items.push(item());
      while (this.takes(","));
      this.take(close, `"," or ${show(close)}`);
      return items;
    });
  }

  /** Runs `read` one level further in. */
  nested<T>(read: () => T): T {
    if (this.#depth === DEEPEST) this.fail("too many brackets inside each other");
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #entry(): [string, unknown] {
    if (!this.sees('"')) this.expected("a name in quotes");
    const key = this.#string();
    this.take(":");
    return [key, this.value()];
  }

  #string(): string {
    const start = this.position;
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    if (end >= this.text.length) this.fail("this string has no end", start);
    try {
      const string: unknown = JSON.parse(this.text.slice(start, end + 1));
      this.#move(end + 1 - start);
      return String(string);
    } catch {
      return this.fail("this string has an escape or a character that JSON does not allow", start);
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#move(found.length);
    return found;
  }

  #move(length: number): void {
    this.position += length;
    this.#skip_space();
  }

  #skip_space(): void {
    const { space } = this.syntax;
    space.lastIndex = this.position;
    space.test(this.text);
    this.position = space.lastIndex;
  }
}
