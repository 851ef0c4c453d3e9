import { refuse, show, show_name } from "../../../refusal.ts";
import { check_spec, sound_spec } from "./check_spec.ts";
import type { RecipeSpec, ScheduleEntry, Spec } from "./recipe_spec.ts";
import { entry_of, fields_of_type, short_form_names, suggestion, type_called } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { JSON_TEXT, SHORT_FORM, TextReader } from "./text_reader.ts";

/** How long a text may be, in characters. */
const LONGEST = 4_000_000;

/** Where an option's name and its value stand. */
interface Place {
  readonly name: number;
  readonly value: number;
}

/** The local epoch at which a phase begins, and where that stands. */
interface Start {
  readonly epoch: number;
  readonly position: number;
}

/**
 * What a text is read as: of one that stands in the program, TypeScript sees whether it is a recipe, by
 * an equals sign in front of all parentheses.
 */
export type ParsedSpec<Text extends string> = string extends Text
  ? Spec
  : Text extends `${" " | ""}{${string}`
    ? Spec
    : Text extends `${infer Head}=${string}`
      ? Head extends `${string}(${string}`
        ? SchedulerSpec
        : RecipeSpec
      : SchedulerSpec;

/** A part of the short form: its spec, and where in the text everything stands. */
interface Part {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly position: number;
  readonly options: ReadonlyMap<string, Place>;
  readonly children: readonly Part[];
  /** The length of its curve, up to which it is in force if another part follows. */
  readonly length?: number;
  /** Where on its curve it begins, if not at its epoch 0. */
  readonly start?: Start;
  /** Where a length stands that means nothing unless another part follows. */
  readonly idle?: number;
}

/**
 * Reads a spec that a person typed: the short form, or JSON.
 *
 * The short form: `name:length(option=value, …)` is a scheduler, `>` begins the next phase of a
 * sequence, `+` adds a member to a chain and binds more tightly, and parentheses group. A length is
 * where the next phase begins, counted from the phase's own start, and also the scheduler's own
 * length, `T_max` of `cosine` for example, unless that is given as an option. So every phase but the
 * last needs one; a chain lasts as long as its longest member, a group as long as its phases
 * together, or both as long as is written after the parentheses. `@` and an epoch, behind the length,
 * let a phase begin in the middle of its curve, as its `starts` do. `describe_schedulers` tells the
 * names and lengths; the classes' own names do as well. Values are as in JSON; words need no quotes.
 *
 * `option = schedule; option[group, …] = schedule` is a recipe: a bare number is the index of a group,
 * anything else its name.
 *
 * @throws SpecSyntaxError that points at the character; SpecError if JSON is no sound spec;
 *   TypeError or RangeError if it is no text, or one of more than 4,000,000 characters.
 * @example
 * ```ts
 * parse_spec("linear:10 > cosine:90");
 * parse_spec("constant:5(factor=0.1) > step(step_size=10, gamma=0.5)");
 * parse_spec("linear:10 > (cosine:90 + exponential(gamma=0.99))");
 * parse_spec("lr = linear:10 > cosine:90; weight_decay = ramp:100(end_factor=10)");
 * ```
 */
export function parse_spec<Text extends string>(text: Text): ParsedSpec<Text> {
  return read_spec(text) as ParsedSpec<Text>;
}

function read_spec(text: string): Spec {
  if (typeof text !== "string") refuse("parse_spec: text", "a string", text);
  if (text.length > LONGEST) {
    const wanted = `text must have at most ${LONGEST} characters, got ${text.length}`;
    throw new RangeError(`parse_spec: ${wanted}`);
  }
  const reader = new TextReader(text, SHORT_FORM);
  if (reader.sees("{")) return parse_json(text);
  if (sees_entry(text, reader.position)) return recipe(reader);
  const part = schedule(reader);
  if (!reader.is_at_end) reader.expected('">", "+" or the end');
  const [problem] = check_spec(part.spec);
  if (problem) reader.fail(`${problem.path}: ${problem.message}`, position_of(part, problem.path));
  return part.spec as unknown as SchedulerSpec;
}

/** A whole schedule, which has nothing around it. */
function schedule(reader: TextReader): Part {
  const part = phases(reader);
  if (part.idle !== undefined) {
    reader.fail("this length means nothing here, as no phase follows", part.idle);
  }
  if (part.start) reader.fail("only a phase of a sequence has a start", part.start.position);
  return part;
}

/** Whether what begins here is an entry of a recipe: an option, perhaps of some groups, and "=". */
function sees_entry(text: string, position: number): boolean {
  const entry = /\s*[A-Za-z_]\w*\s*[=[]/y;
  entry.lastIndex = position;
  return entry.test(text);
}

function recipe(reader: TextReader): RecipeSpec {
  const entries: { entry: ScheduleEntry; part: Part; position: number }[] = [];
  do entries.push(read_entry(reader));
  while (reader.takes(";") && !reader.is_at_end);
  if (!reader.is_at_end) reader.expected('">", "+", ";" or the end');
  const spec: RecipeSpec = { type: "Recipe", schedules: entries.map(({ entry }) => entry) };
  const [problem] = check_spec(spec);
  if (problem) {
    const [, i = 0, rest = ""] = /^schedules\[(\d+)\]\.?(.*)$/.exec(problem.path) ?? [];
    const { part, position } = entries[Number(i)];
    const inside = /^schedule\.?(.*)$/.exec(rest)?.[1];
    const place = inside === undefined ? position : position_of(part, inside);
    reader.fail(`${problem.path}: ${problem.message}`, place);
  }
  return spec;
}

function read_entry(reader: TextReader) {
  const { position } = reader;
  const option = reader.word() ?? reader.expected("an option, as in lr = cosine:90");
  const groups = reader.sees("[") ? reader.list("[", "]", () => read_group(reader)) : undefined;
  reader.take("=");
  const part = schedule(reader);
  const entry = {
    ...(option === "lr" ? {} : { option }),
    ...(groups ? { groups } : {}),
    schedule: part.spec as unknown as SchedulerSpec,
  };
  return { entry, part, position };
}

/** A bare number is an index; any word is a name, true and null as well. */
function read_group(reader: TextReader): number | string {
  const { position } = reader;
  const word = reader.word();
  if (word !== undefined) return word;
  const group = reader.value();
  if (typeof group === "string" || typeof group === "number") return group;
  return reader.fail("a group must be a name or a number", position);
}

/** Reads JSON, which engines read as well; but not every engine says where it is wrong. */
function parse_json(text: string): Spec {
  const reader = new TextReader(text, JSON_TEXT);
  const spec = reader.value();
  if (!reader.is_at_end) reader.expected("the end");
  sound_spec(spec);
  return spec as Spec;
}

function phases(reader: TextReader): Part {
  const parts = separated(reader, ">", chain);
  if (parts.length === 1) return parts[0];
  const last = parts[parts.length - 1];
  let end = 0;
  const milestones = parts.slice(0, -1).map(({ length, start, position }) => {
    if (length === undefined) {
      reader.fail('a phase before ">" needs a length, as in linear:10', position);
    }
    if (start && start.epoch > length) {
      reader.fail(`a phase of length ${length} must begin before its end`, start.position);
    }
    end += length - start_of(start);
    return end;
  });
  const starts = parts.map(({ start }) => start_of(start));
  const first_start = parts.find(({ start }) => start)?.start;
  return {
    spec: {
      type: "SequentialLR",
      schedulers: parts.map(({ spec }) => spec),
      milestones,
      ...(first_start ? { starts } : {}),
    },
    position: parts[0].position,
    options: new Map([
      ["milestones", at(last.position)],
      ["starts", at(first_start?.position ?? last.position)],
    ]),
    children: parts,
    ...(last.length === undefined ? {} : { length: end + last.length - start_of(last.start) }),
    ...(last.idle === undefined ? {} : { idle: last.idle }),
  };
}

function start_of(start: Start | undefined): number {
  return start?.epoch ?? 0;
}

function at(position: number): Place {
  return { name: position, value: position };
}

function chain(reader: TextReader): Part {
  const parts = separated(reader, "+", part_of_chain);
  if (parts.length === 1) return parts[0];
  for (const { start } of parts) {
    if (start) reader.fail("a member of a chain has no start of its own", start.position);
  }
  const lengths = parts.flatMap(({ length }) => length ?? []);
  const idle = parts.find((part) => part.idle !== undefined)?.idle;
  return {
    spec: { type: "ChainedScheduler", schedulers: parts.map(({ spec }) => spec) },
    position: parts[0].position,
    options: new Map(),
    children: parts,
    ...(lengths.length === 0 ? {} : { length: lengths.reduce((a, b) => Math.max(a, b)) }),
    ...(idle === undefined ? {} : { idle }),
  };
}

function separated(reader: TextReader, symbol: string, read: (reader: TextReader) => Part): Part[] {
  const parts = [read(reader)];
  while (reader.takes(symbol)) parts.push(read(reader));
  return parts;
}

function part_of_chain(reader: TextReader): Part {
  return reader.sees("(") ? group(reader) : scheduler(reader);
}

function group(reader: TextReader): Part {
  const inside = reader.nested(() => {
    reader.take("(");
    const part = phases(reader);
    reader.take(")", '">", "+" or ")"');
    return part;
  });
  const given = read_length(reader);
  const start = read_start(reader);
  if (start && inside.start) reader.fail("this phase has another start", start.position);
  const whole = start ? { ...inside, start } : inside;
  if (!given) return whole;
  if (inside.idle !== undefined) {
    reader.fail("this length means nothing, as the parentheses have another", inside.idle);
  }
  return { ...whole, length: given.length, idle: given.position };
}

function scheduler(reader: TextReader): Part {
  const { position } = reader;
  const name = reader.word() ?? reader.expected("a scheduler, such as linear:10");
  const type = type_called(name);
  const entry = entry_of(type);
  if (entry === undefined) {
    const near = suggestion(name, short_form_names());
    return reader.fail(`no scheduler is called ${show(name)}; ${near}`, position);
  }
  const given = read_length(reader);
  const start = read_start(reader);
  const options = new Map<string, Place>();
  const values = reader.sees("(") ? reader.list("(", ")", () => read_option(reader, options)) : [];
  const { length_option } = entry;
  const own =
    length_option !== undefined && !options.has(length_option) ? length_option : undefined;
  if (own !== undefined && given) {
    values.unshift([own, given.length]);
    options.set(own, at(given.position));
  }
  if (own !== undefined && !given && fields_of_type(type)[own].default === undefined) {
    reader.fail(`${name} needs a length, as in ${name}:10`, position);
  }
  return {
    spec: { type, ...Object.fromEntries(values) },
    position,
    options,
    children: [],
    ...(given ? { length: given.length } : {}),
    ...(start ? { start } : {}),
    ...(given && own === undefined ? { idle: given.position } : {}),
  };
}

function read_length(reader: TextReader): { length: number; position: number } | undefined {
  if (!reader.takes(":")) return undefined;
  const { position } = reader;
  const length = reader.number() ?? reader.expected("a length");
  if (!Number.isSafeInteger(length) || length < 0) {
    reader.fail(`a length must be a whole number of at least 0, got ${length}`, position);
  }
  return { length, position };
}

function read_start(reader: TextReader): Start | undefined {
  if (!reader.takes("@")) return undefined;
  const { position } = reader;
  const epoch = reader.number() ?? reader.expected("a start, as in cosine:90@10");
  if (!Number.isSafeInteger(epoch) || epoch < 0) {
    reader.fail(`a start must be a whole number of at least 0, got ${epoch}`, position);
  }
  return { epoch, position };
}

function read_option(reader: TextReader, options: Map<string, Place>): [string, unknown] {
  const name = reader.position;
  const option = reader.word() ?? reader.expected("an option, as in gamma=0.5");
  if (option === "type") reader.fail("type is no option: it is what stands in front", name);
  if (options.has(option)) reader.fail(`${show_name(option)} is given twice`, name);
  reader.take("=");
  options.set(option, { name, value: reader.position });
  return [option, reader.value()];
}

/** Where in the text stands what a path speaks of. */
function position_of(part: Part, path: string): number {
  const [, child, rest = ""] = /^schedulers\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
  if (child !== undefined && part.children.length > 0) {
    return position_of(part.children[Number(child)], rest);
  }
  const [name] = path.split(/[.[]/, 1);
  // A path shows of a long name no more than its beginning.
  const [option, place] = [...part.options].find(([option]) => show_name(option) === name) ?? [];
  if (option === undefined || place === undefined) return part.position;
  const is_known = Object.hasOwn(fields_of_type(part.spec.type), option);
  return is_known ? place.value : place.name;
}
