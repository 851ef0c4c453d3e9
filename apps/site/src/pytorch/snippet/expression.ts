import { listOf, operate } from "./arithmetic.ts";
import { excerpt, Fault } from "./fault.ts";
import type { Token } from "./tokens.ts";
import { NONE, numberOf, unknown, type Value } from "./values.ts";

/** An argument of a call. */
export interface Argument {
  /** The keyword, if it has one; `**` for a dictionary of keywords, `*` for a list of arguments. */
  readonly name: string | undefined;
  readonly value: Value;
  readonly position: number;
}

/** What the names of a snippet mean, and what becomes of its calls. */
export interface Meaning {
  nameOf(path: string, position: number): Value;
  call(callee: Value, args: readonly Argument[], source: Source): Value;
  attributeOf(value: Value, name: string, source: Source): Value;
}

/** Where an expression stands, and how it is written. */
export interface Source {
  readonly position: number;
  readonly text: string;
}

/** How strongly the operators bind, the weakest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["in", "not", "is", "<", ">", "<=", ">=", "==", "!="],
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%", "@"],
];

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["None", NONE],
  ["True", { kind: "constant", value: true }],
  ["False", { kind: "constant", value: false }],
]);

/** How deep expressions may stand inside each other, signs and powers included. */
const DEEPEST = 100;

/**
 * Reads expressions from the words of a statement, each to its value at once. What is not known stays so
 * until it is needed.
 */
export class ExpressionReader {
  #index = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly snippet: string,
    private readonly meaning: Meaning,
  ) {}

  get isAtEnd(): boolean {
    return this.#index >= this.tokens.length;
  }

  /** An expression, or several with commas between them, which are a list. */
  expressions(): Value {
    const { position } = this.#here;
    const first = this.expression();
    if (!this.#is(",")) return first;
    const items = [first];
    while (this.take(",") && !this.isAtEnd && !this.#isClosing) items.push(this.expression());
    return listOf(items, position);
  }

  expression(): Value {
    if (++this.#depth > DEEPEST) throw new Fault("this is nested too deep", this.#here.position);
    const value = this.#conditional();
    this.#depth -= 1;
    return value;
  }

  /** Goes past a word, if it is the next one. */
  take(text: string): boolean {
    const isNext = this.#is(text);
    if (isNext) this.#index += 1;
    return isNext;
  }

  #conditional(): Value {
    if (this.take("lambda")) return this.#lambda();
    if (this.take("await") || this.take("yield")) this.take("from");
    const value = this.#binary(0);
    if (this.take(":=")) return this.expression();
    if (!this.take("if")) return value;
    const condition = this.#binary(0);
    this.#expect("else");
    const otherwise = this.expression();
    if (condition.kind === "constant") return condition.value ? value : otherwise;
    return condition.kind === "unknown" ? condition : value;
  }

  #lambda(): Value {
    while (!this.isAtEnd && !this.#is(":")) this.#index += 1;
    this.#expect(":");
    this.expression();
    return { kind: "function" };
  }

  #binary(level: number): Value {
    if (level === LEVELS.length) return this.#unary();
    let value = this.#binary(level + 1);
    for (;;) {
      const { text, position } = this.#here;
      if (!this.#isOperator(LEVELS[level])) return value;
      this.#index += 1;
      // "not in" and "is not" are two words.
      if (text === "not" || text === "is") this.take(text === "not" ? "in" : "not");
      value = operate(text, value, this.#binary(level + 1), position);
    }
  }

  #isOperator(signs: readonly string[]): boolean {
    const { kind, text } = this.#here;
    return kind !== "text" && kind !== "formatted" && signs.includes(text);
  }

  #unary(): Value {
    const { text, position } = this.#here;
    if (!["-", "+", "~", "not"].includes(text) || this.#here.kind === "text") return this.#power();
    this.#index += 1;
    if (++this.#depth > DEEPEST) throw new Fault("this is nested too deep", position);
    const value = this.#unary();
    this.#depth -= 1;
    if (text === "not") {
      return value.kind === "constant" ? { kind: "constant", value: !value.value } : value;
    }
    if (value.kind === "number" && text !== "~") {
      return numberOf(text === "-" ? -value.value : value.value);
    }
    return operate(text, numberOf(0), value, position);
  }

  #power(): Value {
    const base = this.#postfix();
    const { position } = this.#here;
    if (!this.take("**")) return base;
    if (++this.#depth > DEEPEST) throw new Fault("this is nested too deep", position);
    const exponent = this.#unary();
    this.#depth -= 1;
    return operate("**", base, exponent, position);
  }

  /** A value and what is asked of it: attributes, items and calls. */
  #postfix(): Value {
    const { position } = this.#here;
    let value = this.#atom();
    for (;;) {
      if (this.take(".")) {
        const { text } = this.#next("name");
        value = this.meaning.attributeOf(value, text, this.#source(position));
      } else if (this.take("(")) {
        const args = this.arguments();
        value = this.meaning.call(value, args, this.#source(position));
      } else if (this.take("[")) {
        value = this.#item(value, position);
      } else return value;
    }
  }

  /** The arguments of a call, behind its bracket. */
  arguments(): Argument[] {
    const args: Argument[] = [];
    while (!this.take(")")) {
      const { position, text } = this.#here;
      const isKeyword = this.tokens[this.#index + 1]?.text === "=";
      const star = ["*", "**"].find((sign) => this.take(sign));
      if (isKeyword) this.#index += 2;
      const value = this.expression();
      args.push({ name: star ?? (isKeyword ? text : undefined), value, position });
      if (this.#isComprehension) {
        this.#skipToClosing();
        args[args.length - 1] = { name: undefined, value: comprehension(position), position };
      }
      if (!this.#is(")")) this.#expect(",");
    }
    return args;
  }

  #item(value: Value, position: number): Value {
    const start = this.#index;
    const isSlice = this.#skipToClosing();
    const end = this.#index;
    this.#expect("]");
    const source = this.#source(position);
    if (isSlice) return unknown(`${excerpt(source.text)} is not known`, position);
    const inner = new ExpressionReader(this.tokens.slice(start, end), this.snippet, this.meaning);
    inner.#depth = this.#depth + 1;
    if (inner.#depth > DEEPEST) throw new Fault("this is nested too deep", position);
    return itemOf(value, inner.expressions(), source);
  }

  #atom(): Value {
    const token = this.#here;
    const { kind, text, position } = token;
    if (this.isAtEnd) throw new Fault("something is missing here", position);
    this.#index += 1;
    if (kind === "number") return numberOf(numberIn(text));
    if (kind === "formatted") return unknown("a formatted text cannot be read", position);
    if (kind === "text") return this.#texts(text);
    if (kind === "name") return CONSTANTS.get(text) ?? this.meaning.nameOf(text, position);
    if (text === "(") return this.#list(")", position);
    if (text === "[") return this.#list("]", position);
    if (text === "{") return this.#dictionary(position);
    if (text === "...") return NONE;
    throw new Fault(`"${excerpt(text)}" cannot be read here`, position);
  }

  /** Texts that stand one after another are one. */
  #texts(first: string): Value {
    let value = first;
    while (this.#here.kind === "text" && !this.isAtEnd) {
      value += this.#here.text;
      this.#index += 1;
    }
    return { kind: "text", value };
  }

  /** What stands in brackets: round ones around a single value are no list. */
  #list(closing: string, position: number): Value {
    const items: Value[] = [];
    let hasComma = closing === "]";
    while (!this.take(closing)) {
      const isSpread = this.take("*");
      const value = this.expression();
      if (this.#isComprehension) {
        this.#skipToClosing();
        this.#expect(closing);
        return comprehension(position);
      }
      if (isSpread && value.kind === "list") items.push(...value.items);
      else items.push(value);
      if (this.take(",")) hasComma = true;
      else if (!this.#is(closing)) this.#expect(closing);
    }
    return hasComma || items.length !== 1 ? listOf(items, position) : items[0];
  }

  #dictionary(position: number): Value {
    const entries = new Map<string, Value>();
    while (!this.take("}")) {
      if (this.take("**")) {
        const spread = this.expression();
        if (spread.kind === "dictionary") for (const [k, v] of spread.entries) entries.set(k, v);
      } else {
        const key = this.expression();
        const value = this.take(":") ? this.expression() : key;
        if (key.kind === "text") entries.set(key.value, value);
      }
      if (this.#isComprehension) {
        this.#skipToClosing();
        this.#expect("}");
        return comprehension(position);
      }
      if (!this.#is("}")) this.#expect(",");
    }
    return { kind: "dictionary", entries };
  }

  get #isComprehension(): boolean {
    return this.#is("for") || this.#is("async");
  }

  get #isClosing(): boolean {
    return [")", "]", "}"].some((sign) => this.#is(sign));
  }

  /** Goes to the bracket that closes the innermost open one; tells whether it met a colon on the way. */
  #skipToClosing(): boolean {
    let depth = 0;
    let hasColon = false;
    for (; !this.isAtEnd; this.#index++) {
      const { kind, text } = this.#here;
      if (kind !== "sign") continue;
      if (depth === 0 && this.#isClosing) return hasColon;
      if (depth === 0 && text === ":") hasColon = true;
      if (["(", "[", "{"].includes(text)) depth += 1;
      if (this.#isClosing) depth -= 1;
    }
    return hasColon;
  }

  get #here(): Token {
    const end = this.tokens.at(-1)?.end ?? 0;
    return this.tokens[this.#index] ?? { kind: "sign", text: "", position: end, end };
  }

  #is(text: string): boolean {
    const { kind } = this.#here;
    return this.#here.text === text && (kind === "sign" || kind === "name");
  }

  #next(kind: Token["kind"]): Token {
    const token = this.#here;
    if (token.kind !== kind) throw new Fault("a name is missing here", token.position);
    this.#index += 1;
    return token;
  }

  #expect(text: string): void {
    if (this.take(text)) return;
    const { text: found, position } = this.#here;
    const instead = found === "" ? "" : `, not "${excerpt(found)}"`;
    throw new Fault(`"${text}" was expected here${instead}`, position);
  }

  #source(position: number): Source {
    const end = this.tokens[this.#index - 1]?.end ?? position;
    return { position, text: this.snippet.slice(position, end) };
  }
}

function comprehension(position: number): Value {
  return unknown("a comprehension cannot be read: write its values out", position);
}

function itemOf(value: Value, key: Value, { position, text }: Source): Value {
  if (value.kind === "unknown") return value;
  if (value.kind === "list" && key.kind === "number") {
    const item = value.items.at(key.value);
    if (item) return item;
  }
  if (value.kind === "dictionary" && key.kind === "text") {
    const entry = value.entries.get(key.value);
    if (entry) return entry;
  }
  return unknown(`${excerpt(text)} is not known: write its value in its place`, position);
}

function numberIn(text: string): number {
  return Number(text.replaceAll("_", ""));
}
