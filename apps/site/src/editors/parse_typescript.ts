import type { Spec } from "torch-optim/lr_scheduler";
import { stepsOf } from "./path.ts";
import type { Locate } from "./plan_text.ts";
import { type Range, TypeScriptReader } from "./typescript_reader.ts";

const OPTIMIZER = "optimizer";
const LANGUAGE_VALUES = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** What was read from a program. */
export interface ParsedTypeScript {
  /** It may be unsound. */
  readonly spec: Spec;
  readonly locate: Locate;
}

type Data = Record<string, unknown>;

/** What a variable stands for. */
interface Built {
  readonly kind: "scheduler" | "recipe" | "selection";
  readonly data: Data;
  /** The variable of the optimizer, or of the selection that stands in for one. */
  readonly optimizer: string;
  readonly name: Range;
}

/**
 * Reads a program as `to_typescript` writes them, edited by hand or not, as data: nothing of it is ever
 * run. It knows imports, comments, `const x = new Scheduler(optimizer, { … })` with schedulers inside it by
 * name or in place, `select(optimizer, { … })` and `new Recipe(optimizer, { schedules: […] })`.
 *
 * @throws Mistaken that says where it stops to understand.
 */
export function parseTypeScript(text: string): ParsedTypeScript {
  return new Program(text).read();
}

class Program {
  readonly #reader: TypeScriptReader;
  readonly #variables = new Map<string, Built>();
  readonly #used = new Set<Built>();
  /** Where the keys and items of what was read stand. */
  readonly #places = new Map<unknown, Map<string | number, Range>>();
  #last?: Built;

  constructor(text: string) {
    this.#reader = new TypeScriptReader(text);
  }

  read(): ParsedTypeScript {
    while (!this.#reader.isAtEnd) {
      if (this.#reader.takesWord("import")) this.#import();
      else if (!this.#reader.takes(";")) this.#statement();
    }
    const last = this.#last;
    if (!last) this.#reader.fail("no scheduler is built here");
    const idle = [...this.#variables.values()].find(
      (built) => built !== last && !this.#isUsed(built),
    );
    if (idle) this.#reader.fail("what this builds is used by nothing", idle.name);
    const spec = this.#whole(last) as unknown as Spec;
    return { spec, locate: (path) => this.#locate(spec, last.name, path) };
  }

  #isUsed(built: Built): boolean {
    return this.#used.has(built);
  }

  /** A scheduler on a selection is a recipe of one. */
  #whole(last: Built): Data {
    if (last.kind === "recipe" || last.optimizer === OPTIMIZER) return last.data;
    return this.#noted({ type: "Recipe", schedules: [this.#entryOf(last)] }, last.name);
  }

  #statement(): void {
    const reader: TypeScriptReader = this.#reader;
    reader.takesWord("export");
    const { position } = reader;
    if (!["const", "let", "var"].some((keyword) => reader.takesWord(keyword))) {
      reader.fail(
        "expected what to_typescript writes: const scheduler = new StepLR(optimizer, { … })",
      );
    }
    const from = reader.position;
    const name = reader.word("the name of a variable");
    if (this.#variables.has(name)) reader.fail(`${name} stands for something already`, from);
    reader.take("=");
    const built = this.#built({ from, to: from + name.length });
    if (!built) reader.expected("new or select(…)");
    this.#variables.set(name, built);
    if (built.kind !== "selection") this.#last = built;
    const isOver = reader.takes(";") || reader.isAtEnd;
    if (!isOver && !/\n/.test(reader.text.slice(position, reader.position))) reader.expected('";"');
  }

  #import(): void {
    const reader: TypeScriptReader = this.#reader;
    reader.takesWord("type");
    if (reader.takes("*")) {
      if (!reader.takesWord("as")) reader.expected("as");
      reader.word("a name");
    } else reader.list("{", "}", () => reader.word("a name"));
    if (!reader.takesWord("from")) reader.expected("from");
    if (reader.string() === undefined) reader.expected("a module in quotes");
  }

  /** What is built by `new` or `select`, if that comes next. */
  #built(name: Range): Built | undefined {
    const reader: TypeScriptReader = this.#reader;
    if (reader.takesWord("new")) return this.#scheduler(name);
    if (!reader.takesWord("select")) return undefined;
    const { optimizer, data } = this.#arguments({});
    if (optimizer !== OPTIMIZER) reader.fail("only the optimizer itself is selected from", name);
    return { kind: "selection", data, optimizer, name };
  }

  #scheduler(name: Range): Built {
    const reader: TypeScriptReader = this.#reader;
    const from = reader.position;
    let type = reader.word("the name of a scheduler");
    while (reader.takes(".")) type = reader.word("the name of a scheduler");
    const typeRange = { from, to: reader.end };
    const { optimizer, data } = this.#arguments({ type });
    this.#place(data, "type", typeRange);
    return { kind: type === "Recipe" ? "recipe" : "scheduler", data, optimizer, name };
  }

  /** `(optimizer, { … })`, the options behind what is known already. */
  #arguments(data: Data): { optimizer: string; data: Data } {
    const reader: TypeScriptReader = this.#reader;
    reader.take("(");
    const from = reader.position;
    const optimizer = reader.word("optimizer");
    const selection = this.#variables.get(optimizer);
    if (optimizer !== OPTIMIZER && selection?.kind !== "selection") {
      reader.fail("expected optimizer, or what select(optimizer, …) gave", from);
    }
    if (selection) this.#used.add(selection);
    if (reader.takes(",") && !reader.takes(")")) {
      this.#options(data, optimizer);
      reader.takes(",");
      reader.take(")");
    } else if (reader.text[reader.end - 1] !== ")") reader.take(")", '"," or ")"');
    return { optimizer, data };
  }

  #options(data: Data, optimizer: string): void {
    const reader: TypeScriptReader = this.#reader;
    reader.list("{", "}", () => {
      const from = reader.position;
      const key = reader.string() ?? reader.word("an option");
      if (Object.hasOwn(data, key)) reader.fail(`${key} is given twice`, from);
      if (key === "__proto__") reader.fail("__proto__ is no option", from);
      reader.take(":", '":" and a value');
      const value = this.#option(key, data.type, optimizer);
      data[key] = value;
      this.#place(data, key, { from, to: reader.end });
    });
  }

  #option(key: string, type: unknown, optimizer: string): unknown {
    const isRecipe = type === "Recipe" && key === "schedules";
    if (!isRecipe && key !== "schedulers") return this.#value();
    return this.#items(() => {
      const from = this.#reader.position;
      const built = this.#member();
      const range = { from, to: this.#reader.end };
      if (built.kind !== "scheduler") this.#reader.fail("expected a scheduler", range);
      if (isRecipe) return this.#entryOf(built);
      if (built.optimizer !== optimizer) {
        this.#reader.fail(`it must be built on ${optimizer}, as what it is inside of`, range);
      }
      return built.data;
    });
  }

  /** A scheduler by its variable, or built in place. */
  #member(): Built {
    const reader: TypeScriptReader = this.#reader;
    const from = reader.position;
    const inPlace = reader.nested(() => this.#built({ from, to: from + 1 }));
    if (inPlace) return inPlace;
    const name = reader.word("a scheduler");
    const known = this.#variables.get(name);
    if (!known) reader.fail(`${name} is no scheduler that was built above`, from);
    if (this.#used.has(known)) reader.fail(`${name} is used already`, from);
    this.#used.add(known);
    return known;
  }

  #entryOf({ data, optimizer, name }: Built): Data {
    const selected = this.#variables.get(optimizer)?.data ?? {};
    const entry: Data = { ...selected, schedule: data };
    for (const [key, range] of this.#places.get(selected) ?? []) this.#place(entry, key, range);
    return this.#noted(entry, name);
  }

  /** A value as in JSON, with numbers that may be computed. */
  #value(): unknown {
    const reader: TypeScriptReader = this.#reader;
    const text = reader.string();
    if (text !== undefined) return text;
    const number = reader.number();
    if (number !== undefined) return number;
    if (reader.text[reader.position] === "[") return this.#items(() => this.#value());
    for (const [word, value] of LANGUAGE_VALUES) if (reader.takesWord(word)) return value;
    return reader.expected("a value: a number, a text in quotes, true, false, null or a list");
  }

  #items(read: () => unknown): unknown[] {
    const items: unknown[] = [];
    this.#reader.list("[", "]", () => {
      const from = this.#reader.position;
      items.push(read());
      this.#place(items, items.length - 1, { from, to: this.#reader.end });
    });
    return items;
  }

  #place(owner: unknown, key: string | number, range: Range): void {
    const own = this.#places.get(owner) ?? new Map<string | number, Range>();
    this.#places.set(owner, own.set(key, range));
  }

  /** Notes where something stands that was written nowhere as it is. */
  #noted(data: Data, range: Range): Data {
    if (!this.#places.get(data)?.has("type")) this.#place(data, "type", range);
    return data;
  }

  /** Where stands what a path leads to, or else the class of the nearest around it. */
  #locate(spec: unknown, fallback: Range, path: string): Range {
    let data = spec;
    let range = this.#places.get(spec)?.get("type") ?? fallback;
    for (const step of stepsOf(path)) {
      const found = this.#places.get(data)?.get(step);
      data = (data as Record<string | number, unknown> | undefined)?.[step];
      const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
      range = (isObject ? this.#places.get(data)?.get("type") : found) ?? range;
    }
    return range;
  }
}
