import { Mistaken, wordAt } from "./plan_text.ts";

/** How deep brackets may stand inside each other. */
const DEEPEST = 64;
const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const NUMBER = /(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;

/** Where something stands in a text. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Reads a program piece by piece; what it cannot read it refuses, and says where. */
export class TypeScriptReader {
  /** Where the next piece begins, and where the last one ended. */
  position = 0;
  end = 0;
  #depth = 0;

  constructor(readonly text: string) {
    this.#skipSpace();
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** @param at - What is wrong: a place, or what comes next. */
  fail(message: string, at: number | Range = this.position): never {
    const range = typeof at === "number" ? wordAt(this.text, at) : at;
    throw new Mistaken([{ ...range, message }]);
  }

  expected(wanted: string): never {
    const { from, to } = wordAt(this.text, this.position);
    const found = this.isAtEnd ? "the end" : JSON.stringify(this.text.slice(from, to));
    return this.fail(`expected ${wanted}, got ${found}`);
  }

  /** Whether a sign comes next; if so, it is read. */
  takes(sign: string): boolean {
    if (!this.text.startsWith(sign, this.position)) return false;
    this.#move(sign.length);
    return true;
  }

  take(sign: string, wanted = JSON.stringify(sign)): void {
    if (!this.takes(sign)) this.expected(wanted);
  }

  /** Whether this very word comes next; if so, it is read. */
  takesWord(wanted: string): boolean {
    if (this.#peek(WORD) !== wanted) return false;
    this.#move(wanted.length);
    return true;
  }

  word(wanted: string): string {
    return this.#match(WORD) ?? this.expected(wanted);
  }

  /** A text in quotes, if one comes next. */
  string(): string | undefined {
    const { position } = this;
    const written = this.#match(STRING);
    if (written === undefined) return undefined;
    try {
      return unquoted(written);
    } catch {
      return this.fail("this text has an escape that JSON does not know", {
        from: position,
        to: position + written.length,
      });
    }
  }

  /** A number, or what a few numbers come to: `1 / 3`, `-2 ** 10`. */
  number(): number | undefined {
    if (!/[-+.\d(]/.test(this.text[this.position] ?? "")) return undefined;
    return this.#sum();
  }

  /** What stands between brackets, separated by commas; the last may have one behind it. */
  list(open: string, close: string, readItem: () => void): void {
    this.nested(() => {
      this.take(open);
      while (!this.takes(close)) {
        readItem();
        if (!this.takes(",")) {
          this.take(close, `"," or "${close}"`);
          return;
        }
      }
    });
  }

  /** Reads something one level further in. */
  nested<T>(read: () => T): T {
    if (this.#depth === DEEPEST) this.fail("too many brackets inside each other");
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #sum(): number {
    let value = this.#product();
    for (;;) {
      if (this.takes("+")) value += this.#product();
      else if (this.takes("-")) value -= this.#product();
      else return value;
    }
  }

  #product(): number {
    let value = this.#signed();
    for (;;) {
      if (this.takes("*")) value *= this.#signed();
      else if (this.takes("/")) value /= this.#signed();
      else return value;
    }
  }

  #signed(): number {
    return this.nested(() => {
      if (this.takes("-")) return -this.#signed();
      if (this.takes("+")) return this.#signed();
      const base = this.#single();
      return this.takes("**") ? base ** this.#signed() : base;
    });
  }

  #single(): number {
    if (this.takes("(")) {
      const value = this.#sum();
      this.take(")");
      return value;
    }
    const digits = this.#match(NUMBER) ?? this.expected("a number");
    return Number(digits.replaceAll("_", ""));
  }

  #peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text)?.[0];
  }

  #match(pattern: RegExp): string | undefined {
    const found = this.#peek(pattern);
    if (found !== undefined) this.#move(found.length);
    return found;
  }

  #move(length: number): void {
    this.end = this.position + length;
    this.position = this.end;
    this.#skipSpace();
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.position;
    SPACE.test(this.text);
    this.position = SPACE.lastIndex;
  }
}

function unquoted(written: string): string {
  if (written.startsWith('"')) return JSON.parse(written);
  const inside = written.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"');
  return JSON.parse(`"${inside}"`);
}
