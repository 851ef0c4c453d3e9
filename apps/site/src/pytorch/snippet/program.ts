import { callFunction, isFunction, listOf } from "./arithmetic.ts";
import { buildOptimizer, buildScheduler, type Note, OF_FUNCTIONS } from "./constructors.ts";
import { type Argument, ExpressionReader, type Meaning, type Source } from "./expression.ts";
import { excerpt, Fault } from "./fault.ts";
import { DEFAULT_LRS, SIGNATURES } from "./signatures.ts";
import { type Statement, statementsOf, type Token } from "./tokens.ts";
import { type Built, numberOf, unknown, type Value } from "./values.ts";

const AUGMENTED = /^(?:\*\*|\/\/|[-+*/%])=$/;

/**
 * What a snippet builds, as far as it can be told from its text. Nothing of it is run: names stand for
 * values, calls of schedulers for data, and everything else for nothing that is known.
 */
export class Program implements Meaning {
  /** Every scheduler, in the order in which they are built. */
  readonly built: Built[] = [];
  /** Why schedulers could not be built that the snippet names. */
  readonly refused: Fault[] = [];
  readonly #names = new Map<string, Value>();
  /** Statements by the word that they begin with; all others are assignments or expressions. */
  readonly #kinds: ReadonlyMap<string, (statement: Statement) => void> = new Map([
    ...["import", "from"].map((word) => [word, this.#import.bind(this)] as const),
    ["def", this.#define.bind(this)],
    ["for", this.#loop.bind(this)],
    ["with", this.#block.bind(this)],
    ...["if", "elif", "else", "while", "try", "except", "finally", "class"].map(
      (word) => [word, this.#behindHead.bind(this)] as const,
    ),
    ...["async", "return", "yield", "await", "assert", "raise"].map(
      (word) => [word, (statement: Statement) => this.#rest(statement.slice(1))] as const,
    ),
    ...["pass", "break", "continue", "global", "nonlocal", "del", "@"].map(
      (word) => [word, () => {}] as const,
    ),
  ]);

  constructor(
    private readonly text: string,
    private readonly note: Note,
  ) {}

  read(): void {
    for (const statement of statementsOf(this.text)) this.#statement(statement);
  }

  nameOf(path: string, position: number): Value {
    return this.#names.get(path) ?? { kind: "path", path, position };
  }

  attributeOf(value: Value, name: string, { position, text }: Source): Value {
    if (value.kind !== "path") return { kind: "path", path: text, position };
    const path = `${value.path}.${name}`;
    return this.#names.get(path) ?? { kind: "path", path, position };
  }

  call(callee: Value, args: readonly Argument[], source: Source): Value {
    const path = callee.kind === "path" ? callee.path : "";
    const name = path.split(".").at(-1) ?? "";
    if (SIGNATURES.has(name) || name === "get_scheduler" || name === "from_spec") {
      return this.#scheduler(name, args, source);
    }
    const refusal = OF_FUNCTIONS.get(name);
    if (refusal !== undefined) return this.#refuse(new Fault(refusal, source.position));
    if (DEFAULT_LRS.has(name)) return { kind: "optimizer", optimizer: this.#optimizer(name, args) };
    const values = args.map(({ value }) => value);
    const ofMethod = this.#method(path.slice(0, -name.length - 1), name, values, source);
    if (ofMethod) return ofMethod;
    if (name === "dict") return dictionaryOf(args);
    const found = isFunction(name) ? callFunction(name, values, source.position) : undefined;
    const unknownValue = values.find(({ kind }) => kind === "path" || kind === "unknown");
    if (isFunction(name) && !found && unknownValue) return unknownValue;
    return (
      found ??
      unknown(`${excerpt(source.text)} is not known: write its value in its place`, source.position)
    );
  }

  #scheduler(name: string, args: readonly Argument[], source: Source): Value {
    try {
      const scheduler = buildScheduler(name, args, source, this.note);
      this.built.push(scheduler);
      return { kind: "scheduler", scheduler };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#refuse(error);
    }
  }

  #refuse(fault: Fault): Value {
    this.refused.push(fault);
    return { kind: "unknown", fault };
  }

  #optimizer(name: string, args: readonly Argument[]) {
    const optimizer = buildOptimizer(args);
    const usual = DEFAULT_LRS.get(name);
    if (optimizer.lr || usual === undefined) return optimizer;
    return { ...optimizer, lr: numberOf(usual) };
  }

  /** What the methods do that lists and schedulers of snippets have. */
  #method(owner: string, name: string, [first]: readonly Value[], { position }: Source) {
    const value = this.#names.get(owner);
    if (value?.kind === "scheduler" && name === "step") {
      value.scheduler.isStepped = true;
      return value;
    }
    if (value?.kind !== "list" || !first || (name !== "append" && name !== "extend")) {
      return undefined;
    }
    const more = name === "extend" && first.kind === "list" ? first.items : [first];
    const longer = listOf([...value.items, ...more], position);
    this.#names.set(owner, longer);
    return longer;
  }

  #statement(statement: Statement): void {
    const [{ kind, text }] = statement;
    const read = kind === "text" ? undefined : this.#kinds.get(text);
    if (read) read(statement);
    else this.#assign(statement);
  }

  #import(statement: Statement): void {
    const words = statement.filter(({ text }) => text !== "(" && text !== ")");
    const isFrom = words[0].text === "from";
    const at = words.findIndex(({ text }) => text === "import");
    const from = isFrom ? `${written(words.slice(1, at))}.` : "";
    for (const item of separated(words.slice(at + 1), ",")) {
      const as = item.findIndex(({ text }) => text === "as");
      const path = written(as < 0 ? item : item.slice(0, as));
      const name = as < 0 ? (isFrom ? path : path.split(".")[0]) : written(item.slice(as + 1));
      const meant = as < 0 && !isFrom ? name : from + path;
      this.#names.set(name, { kind: "path", path: meant, position: item[0].position });
    }
  }

  /** A function's parameters stand for their defaults; what is done with others is not known. */
  #define(statement: Statement): void {
    const open = statement.findIndex(({ text }) => text === "(");
    const colon = topLevel(statement, ":");
    const close = statement.findLastIndex(
      ({ text }, i) => text === ")" && (colon < 0 || i < colon),
    );
    if (open < 0 || close < open) return;
    for (const parameter of separated(statement.slice(open + 1, close), ",")) {
      const [name] = parameter;
      const equals = parameter.findIndex(({ text }) => text === "=");
      if (equals < 0) this.#names.delete(name.text);
      else this.#names.set(name.text, this.#value(parameter.slice(equals + 1)));
    }
    if (colon >= 0) this.#rest(statement.slice(colon + 1));
  }

  #loop(statement: Statement): void {
    const within = topLevel(statement, "in");
    const targets = statement.slice(1, within < 0 ? undefined : within);
    for (const { kind, text, position } of targets) {
      if (kind === "name") this.#names.set(text, unknown(`${text} changes in a loop`, position));
    }
    this.#behindHead(statement);
  }

  #block(statement: Statement): void {
    const as = statement.findIndex(({ text }) => text === "as");
    if (as >= 0) this.#names.delete(statement[as + 1]?.text ?? "");
    this.#behindHead(statement);
  }

  /** What stands on the line of a compound statement, behind its colon. */
  #behindHead(statement: Statement): void {
    const colon = topLevel(statement, ":");
    if (colon >= 0) this.#rest(statement.slice(colon + 1));
  }

  #rest(statement: Statement): void {
    if (statement.length > 0) this.#statement(statement);
  }

  #assign(statement: Statement): void {
    const plain = unfolded(statement);
    const parts = separated(plain, "=");
    const value = this.#value(parts.at(-1) ?? []);
    for (const target of parts.slice(0, -1)) {
      const colon = topLevel(target, ":");
      this.#give(colon < 0 ? target : target.slice(0, colon), value);
    }
  }

  #give(target: Statement, value: Value): void {
    const inside =
      target[0]?.text === "(" || target[0]?.text === "[" ? target.slice(1, -1) : target;
    const targets = separated(inside, ",");
    if (targets.length <= 1) {
      this.#names.set(written(target), value);
      return;
    }
    for (const [i, each] of targets.entries()) {
      const own = value.kind === "list" ? value.items[i] : undefined;
      const name = written(each);
      this.#names.set(name, own ?? unknown(`${name} is not known`, each[0].position));
    }
  }

  /** The value of an expression. What is no expression is nothing, unless it speaks of schedulers. */
  #value(words: Statement): Value {
    const reader = new ExpressionReader(words, this.text, this);
    try {
      const value = reader.expressions();
      if (reader.isAtEnd) return value;
      throw new Fault("this cannot be read", words[0].position);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const isAsked = words.some(({ kind, text }) => kind === "name" && SIGNATURES.has(text));
      return isAsked ? this.#refuse(error) : { kind: "unknown", fault: error };
    }
  }
}

/** `a += b` as `a = a + b`. */
function unfolded(statement: Statement): Statement {
  const at = statement.findIndex(({ kind, text }) => kind === "sign" && AUGMENTED.test(text));
  if (at <= 0) return statement;
  const target = statement.slice(0, at);
  const sign = (text: string): Token => ({ ...statement[at], text });
  const operator = sign(statement[at].text.slice(0, -1));
  return [...target, sign("="), ...target, operator, ...statement.slice(at + 1)];
}

function dictionaryOf(args: readonly Argument[]): Value {
  const entries = args.flatMap(({ name, value }) =>
    name === undefined ? [] : [[name, value] as const],
  );
  return { kind: "dictionary", entries: new Map(entries) };
}

function written(words: Statement): string {
  return words.map(({ text }) => text).join("");
}

/** Where a sign or word stands outside of all brackets; -1 where it does not. */
function topLevel(words: Statement, wanted: string): number {
  let depth = 0;
  return words.findIndex(({ kind, text }) => {
    if (kind === "sign") depth += depthOf(text);
    return depth === 0 && text === wanted && kind !== "text";
  });
}

/** What stands between signs outside of all brackets; nothing stands behind a last comma. */
function separated(words: Statement, sign: string): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (word.kind === "sign") depth += depthOf(word.text);
    if (depth === 0 && word.kind === "sign" && word.text === sign) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.filter(({ length }) => length > 0);
}

function depthOf(sign: string): number {
  if (sign === "(" || sign === "[" || sign === "{") return 1;
  return sign === ")" || sign === "]" || sign === "}" ? -1 : 0;
}
