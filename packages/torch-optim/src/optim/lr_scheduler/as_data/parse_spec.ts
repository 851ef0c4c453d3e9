import { refuse, show, show_name } from "../../../refusal.ts";
import { check_spec, sound_spec } from "./check_spec.ts";
import { type Lengths, type Quantity, quantity_of, sum } from "./lengths.ts";
import { Problems } from "./problems.ts";
import type { RecipeSpec, ScheduleEntry, Spec } from "./recipe_spec.ts";
import { entry_of, fields_of_type, short_form_names, suggestion, type_called } from "./registry.ts";
import { checked_lengths, resolve_lengths } from "./resolve_lengths.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { SpecError } from "./spec_error.ts";
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
  readonly epoch: number | string;
  readonly quantity: Quantity;
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
  readonly length?: Quantity;
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
 * Every number of epochs may be a share of a total (`5%`) or be counted in epochs of several steps (`2ep`),
 * if `lengths` has what these are counted by.
 *
 * `option = schedule; option[group, …] = schedule` is a recipe: a bare number is the index of a group,
 * anything else its name.
 *
 * @param lengths - What shares are of, and how many steps an epoch has.
 * @throws SpecSyntaxError that points at the character; SpecError if JSON is no sound spec, or a share or
 *   epoch cannot be told;
 *   TypeError or RangeError if it is no text, or one of more than 4,000,000 characters.
 * @example
 * ```ts
 * parse_spec("linear:10 > cosine:90");
 * parse_spec("constant:5(factor=0.1) > step(step_size=10, gamma=0.5)");
 * parse_spec("linear:10 > (cosine:90 + exponential(gamma=0.99))");
 * parse_spec("linear:5% > cosine:95%", { total: 1000 }); // linear:50 > cosine:950
 * parse_spec("lr = linear:10 > cosine:90; weight_decay = ramp:100(end_factor=10)");
 * ```
 */
export function parse_spec<Text extends string>(
  text: Text,
  lengths: Lengths = {},
): ParsedSpec<Text> {
  return read_spec(text, checked_lengths("parse_spec", lengths)) as ParsedSpec<Text>;
}

function read_spec(text: string, lengths: Lengths): Spec {
  if (typeof text !== "string") refuse("parse_spec: text", "a string", text);
  if (text.length > LONGEST) {
    const wanted = `text must have at most ${LONGEST} characters, got ${text.length}`;
    throw new RangeError(`parse_spec: ${wanted}`);
  }
  const reader = new TextReader(text, SHORT_FORM);
  if (reader.sees("{")) return parse_json(text, lengths);
  if (sees_entry(text, reader.position)) return recipe(reader, lengths);
  const part = schedule(reader);
  if (!reader.is_at_end) reader.expected('">", "+" or the end');
  const spec = resolved(part.spec, lengths);
  const [problem] = check_spec(spec);
  if (problem) reader.fail(`${problem.path}: ${problem.message}`, position_of(part, problem.path));
  return spec as SchedulerSpec;
}

/** A spec with numbers in place of shares and epochs. */
function resolved(spec: unknown, lengths: Lengths): unknown {
  const problems = new Problems();
  const data = resolve_lengths(spec, lengths, problems);
  if (problems.count > 0) throw new SpecError(problems.list());
  return data;
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

function recipe(reader: TextReader, lengths: Lengths): RecipeSpec {
  const entries: { entry: ScheduleEntry; part: Part; position: number }[] = [];
  do entries.push(read_entry(reader));
  while (reader.takes(";") && !reader.is_at_end);
  if (!reader.is_at_end) reader.expected('">", "+", ";" or the end');
  const written = { type: "Recipe", schedules: entries.map(({ entry }) => entry) };
  const spec = resolved(written, lengths) as RecipeSpec;
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
function parse_json(text: string, lengths: Lengths): Spec {
  const reader = new TextReader(text, JSON_TEXT);
  const spec = reader.value();
  if (!reader.is_at_end) reader.expected("the end");
  sound_spec(spec, lengths);
  return resolved(spec, lengths) as Spec;
}

function phases(reader: TextReader): Part {
  const parts = separated(reader, ">", chain);
  if (parts.length === 1) return parts[0];
  const last = parts[parts.length - 1];
  let end = NOTHING;
  const milestones = parts.slice(0, -1).map(({ length, start, position }) => {
    if (length === undefined) {
      reader.fail('a phase before ">" needs a length, as in linear:10', position);
    }
    const rest = sum(length, start_of(start), -1);
    if (rest.percent === 0 && rest.epochs === 0 && rest.steps < 0) {
      reader.fail(`a phase of length ${length.steps} must begin before its end`, start?.position);
    }
    end = sum(end, rest);
    return in_steps(end);
  });
  const starts = parts.map(({ start }) => start?.epoch ?? 0);
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
    ...(last.length === undefined
      ? {}
      : { length: sum(end, sum(last.length, start_of(last.start), -1)) }),
    ...(last.idle === undefined ? {} : { idle: last.idle }),
  };
}

const NOTHING: Quantity = { steps: 0, percent: 0, epochs: 0 };

function start_of(start: Start | undefined): Quantity {
  return start?.quantity ?? NOTHING;
}

/** A number, where there are neither shares nor epochs in it. */
function in_steps(quantity: Quantity): number | Quantity {
  return quantity.percent === 0 && quantity.epochs === 0 ? quantity.steps : quantity;
}

/** The longest of several lengths; shares are longer than epochs, and these than steps. */
function longest(lengths: readonly Quantity[]): Quantity {
  const is_longer = (a: Quantity, b: Quantity) =>
    a.percent - b.percent || a.epochs - b.epochs || a.steps - b.steps;
  return lengths.reduce((a, b) => (is_longer(a, b) > 0 ? a : b));
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
    ...(lengths.length === 0 ? {} : { length: longest(lengths) }),
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
  return { ...whole, length: given.quantity, idle: given.position };
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
    ...(given ? { length: given.quantity } : {}),
    ...(start ? { start } : {}),
    ...(given && own === undefined ? { idle: given.position } : {}),
  };
}

/** A number of steps as it is written, as a quantity, and where it stands. */
interface Written {
  readonly length: number | string;
  readonly quantity: Quantity;
  readonly position: number;
}

function read_length(reader: TextReader): Written | undefined {
  return reader.takes(":") ? read_steps(reader, "a length", "a length") : undefined;
}

function read_steps(reader: TextReader, what: string, wanted: string): Written {
  const { position } = reader;
  const length = reader.quantity() ?? reader.expected(wanted);
  const quantity = quantity_of(length);
  if (!quantity || !Number.isSafeInteger(quantity.steps) || quantity.steps < 0) {
    reader.fail(`${what} must be a whole number of at least 0, got ${length}`, position);
  }
  return { length, quantity, position };
}

function read_start(reader: TextReader): Start | undefined {
  if (!reader.takes("@")) return undefined;
  const start = read_steps(reader, "a start", "a start, as in cosine:90@10");
  return { epoch: start.length, quantity: start.quantity, position: start.position };
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
