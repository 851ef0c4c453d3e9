import { Fault } from "./fault.ts";

/** A word of Python. */
export interface Token {
  readonly kind: "name" | "number" | "text" | "formatted" | "sign";
  readonly text: string;
  /** Where it begins and ends in the snippet. */
  readonly position: number;
  readonly end: number;
}

/** The words of one statement, or of a compound one's head and what stands on its line. */
export type Statement = readonly Token[];

/** How deep brackets may stand inside each other. */
const DEEPEST = 60;
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

const SPACE = /[^\S\n]+/y;
const COMMENT = /#[^\n]*/y;
const CONTINUED = /\\[ \t]*\r?\n/y;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const NUMBER = /(?:0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)/y;
const QUOTE = /([a-zA-Z]{0,2})("""|'''|"|')/y;
const SIGN = /\*\*=|\/\/=|>>=|<<=|\.\.\.|\*\*|\/\/|<<|>>|[-+*/%@&|^=!<>:]=|->|[^\s]/uy;

/**
 * The statements of a snippet, in words. Indentation does not count: what stands in a function or a
 * loop is read like everything else.
 *
 * @throws Fault for a text or a bracket that is never closed.
 */
export function statementsOf(snippet: string): Statement[] {
  return new Reader(withoutPrompts(snippet)).statements();
}

/** A snippet with spaces in place of what is no Python: prompts, fences, commands of a notebook. */
function withoutPrompts(snippet: string): string {
  return snippet
    .split("\n")
    .map((line) => {
      const start = line.trimStart();
      const blank = (length: number) => " ".repeat(length) + line.slice(length);
      if (/^(```|~~~|[!%])/.test(start)) return " ".repeat(line.length);
      const hasPrompt = /^(>>>|\.\.\.)(?!\S)/.test(start);
      return hasPrompt ? blank(line.length - start.length + 3) : line;
    })
    .join("\n");
}

class Reader {
  #position = 0;
  readonly #open: Token[] = [];

  constructor(private readonly text: string) {}

  statements(): Statement[] {
    const statements: Token[][] = [[]];
    while (this.#position < this.text.length) {
      if (this.#take(SPACE) ?? this.#take(COMMENT) ?? this.#take(CONTINUED)) continue;
      const token = this.text[this.#position] === "\n" ? this.#newline() : this.#token();
      if (token && token.text !== ";") statements.at(-1)?.push(token);
      else if (this.#open.length === 0) statements.push([]);
    }
    const open = this.#open.at(-1);
    if (open) throw new Fault(`the "${open.text}" is never closed`, open.position);
    return statements.filter(({ length }) => length > 0);
  }

  #newline(): undefined {
    this.#position += 1;
  }

  #token(): Token {
    const position = this.#position;
    const token = (kind: Token["kind"], text: string): Token => ({
      kind,
      text,
      position,
      end: this.#position,
    });
    const quote = this.#take(QUOTE);
    if (quote) {
      const [, prefix = "", mark = ""] = quote;
      const content = this.#string(mark, position);
      return token(/f/i.test(prefix) ? "formatted" : "text", content);
    }
    const number = this.#take(NUMBER);
    if (number) return token("number", number[0]);
    const name = this.#take(NAME);
    if (name) return token("name", name[0]);
    const [sign = ""] = this.#take(SIGN) ?? [];
    const found = token("sign", sign);
    this.#bracket(found);
    return found;
  }

  #bracket(sign: Token): void {
    const { text, position } = sign;
    if (Object.hasOwn(CLOSING, text)) {
      if (this.#open.push(sign) <= DEEPEST) return;
      throw new Fault("brackets stand too deep inside each other to be read", position);
    }
    if (text.length > 1 || !")]}".includes(text)) return;
    const open = this.#open.pop();
    if (!open) throw new Fault(`the "${text}" was never opened`, position);
    const wanted = CLOSING[open.text];
    if (text !== wanted) throw new Fault(`"${wanted}" was expected here, not "${text}"`, position);
  }

  /** What stands between quotes. */
  #string(mark: string, position: number): string {
    const start = this.#position;
    for (let i = start; i < this.text.length; i++) {
      const character = this.text[i];
      if (character === "\\") i += 1;
      else if (character === "\n" && mark.length === 1) break;
      else if (this.text.startsWith(mark, i)) {
        this.#position = i + mark.length;
        return this.text.slice(start, i);
      }
    }
    throw new Fault("this text is never closed", position);
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.text);
    if (found) this.#position = pattern.lastIndex;
    return found ?? undefined;
  }
}
