import { parse_spec, SpecError, SpecSyntaxError } from "torch-optim/lr_scheduler";
import type { Argument, Source } from "./expression.ts";
import { excerpt, Fault } from "./fault.ts";
import { GET_SCHEDULER, SCHEDULER_NAMES, SIGNATURES, type Signature } from "./signatures.ts";
import { type Built, faultOf, NONE, type Optimizer, type Value } from "./values.ts";

/** As many schedulers as may stand in each other, and how deep. */
const MOST_SCHEDULERS = 10_000;
const DEEPEST = 50;
/** What is no option of a schedule as data. */
const LEFT_OUT = new Set(["optimizer", "last_epoch", "verbose"]);

/** Hears of what was left out, as a sentence. */
export type Note = (sentence: string) => void;

/** The arguments of a call by the names of the parameters. */
type Bound = ReadonlyMap<string, Argument>;

/** Those that need a function, and what can stand in their place. */
export const OF_FUNCTIONS: ReadonlyMap<string, string> = new Map(
  ["LambdaLR", "MultiplicativeLR"].map((name) => [
    name,
    `${name} takes a function, which cannot be data: RampLR, KeyframesLR or PolynomialLR may say the same`,
  ]),
);

/** The scheduler that a call of a class or function builds, by the last part of its name. */
export function buildScheduler(
  name: string,
  args: readonly Argument[],
  source: Source,
  note: Note,
): Built {
  const signature = SIGNATURES.get(name);
  if (name === "get_scheduler") return buildByName(args, source, note);
  if (name === "from_spec") return buildFromSpec(args, source);
  if (!signature) throw new Fault(`${name} is no scheduler`, source.position);
  return build(signature, bind(name, signature.parameters, args), source, note);
}

function build(
  { type, parameters }: Signature,
  bound: Bound,
  { position }: Source,
  note: Note,
): Built {
  const children = childrenIn(bound, position);
  const spec: Record<string, unknown> = { type };
  const places = new Map<string, number>();
  for (const name of parameters) {
    const argument = bound.get(name);
    if (!argument || isNone(argument.value)) continue;
    if (LEFT_OUT.has(name)) noteLeftOut(name, argument, note);
    else {
      places.set(name, argument.position);
      spec[name] =
        name === "schedulers"
          ? children.map((child) => child.spec)
          : dataOf(argument.value, argument.position);
    }
  }
  const size = children.reduce((sum, child) => sum + child.size, 1);
  const depth = children.reduce((most, child) => Math.max(most, child.depth + 1), 0);
  if (size > MOST_SCHEDULERS || depth > DEEPEST) {
    throw new Fault("too many schedulers stand inside each other", position);
  }
  for (const child of children) child.isTaken = true;
  const optimizer = bound.get("optimizer")?.value ?? children[0]?.optimizer;
  return {
    type,
    spec,
    children,
    optimizer,
    position,
    places,
    size,
    depth,
    isTaken: false,
    isStepped: false,
  };
}

/** As `transformers.get_scheduler` does it: a name, and what the schedule of that name takes. */
function buildByName(args: readonly Argument[], source: Source, note: Note): Built {
  const bound = bind("get_scheduler", GET_SCHEDULER, args);
  const chosen = bound.get("name");
  if (!chosen) throw new Fault("get_scheduler needs a name", source.position);
  const name = nameIn(chosen);
  const signature = SIGNATURES.get(SCHEDULER_NAMES.get(name) ?? "");
  if (!signature) {
    throw new Fault(`get_scheduler knows no schedule "${excerpt(name)}"`, chosen.position);
  }
  const own = new Map([...bound].filter(([parameter]) => signature.parameters.includes(parameter)));
  const specific = bound.get("scheduler_specific_kwargs");
  if (specific?.value.kind === "dictionary") {
    for (const [parameter, value] of specific.value.entries) {
      if (!signature.parameters.includes(parameter)) {
        throw new Fault(
          `${signature.type} has no option "${excerpt(parameter)}"`,
          specific.position,
        );
      }
      own.set(parameter, { name: parameter, value, position: specific.position });
    }
  }
  return build(signature, own, source, note);
}

/** A name as a text or as a member of `SchedulerType`. */
function nameIn({ value, position }: Argument): string {
  if (value.kind === "text") return value.value;
  if (value.kind !== "path") throw faultOf(value, position);
  return (value.path.split(".").at(-1) ?? "").toLowerCase();
}

/** As this library's package for Python builds a schedule: from the short form, JSON or a dictionary. */
function buildFromSpec(args: readonly Argument[], { position }: Source): Built {
  const bound = bind("from_spec", ["optimizer", "spec"], args);
  const written = bound.get("spec");
  if (!written) throw new Fault("from_spec needs a spec", position);
  const { value } = written;
  const spec =
    value.kind === "text" ? specIn(value.value, written) : dataOf(value, written.position);
  if (typeof spec !== "object" || spec === null || Array.isArray(spec) || !("type" in spec)) {
    throw new Fault("a spec is a text or a dictionary with a type", written.position);
  }
  return {
    type: String(spec.type),
    spec,
    children: [],
    optimizer: bound.get("optimizer")?.value,
    position,
    places: new Map(),
    size: 1,
    depth: 0,
    isTaken: false,
    isStepped: false,
  };
}

function specIn(text: string, { position }: Argument): object {
  try {
    return parse_spec(text);
  } catch (error) {
    if (!(error instanceof SpecError || error instanceof SpecSyntaxError)) throw error;
    throw new Fault(error.message.split("\n")[0], position);
  }
}

/** The optimizer that a call builds. */
export function buildOptimizer(args: readonly Argument[]): Optimizer {
  const [params] = args;
  const lr = args.find(({ name }) => name === "lr") ?? (args[1]?.name ? undefined : args[1]);
  const groups = params?.value.kind === "list" ? params.value.items : [];
  const groupLrs = groups.flatMap((group) => {
    const own = group.kind === "dictionary" ? group.entries.get("lr") : undefined;
    return own ? [own] : [];
  });
  return { lr: lr?.value, groupLrs };
}

function bind(name: string, parameters: readonly string[], args: readonly Argument[]): Bound {
  const bound = new Map<string, Argument>();
  const give = (parameter: string | undefined, argument: Argument) => {
    if (parameter === undefined)
      throw new Fault(`${name} takes fewer arguments`, argument.position);
    if (!parameters.includes(parameter)) {
      throw new Fault(`${name} has no option "${excerpt(parameter)}"`, argument.position);
    }
    bound.set(parameter, argument);
  };
  let next = 0;
  for (const argument of args) {
    const { name: keyword, value, position } = argument;
    if (keyword === "**" && value.kind === "dictionary") {
      for (const [key, own] of value.entries) give(key, { name: key, value: own, position });
    } else if (keyword === "*" && value.kind === "list") {
      for (const own of value.items) give(parameters[next++], { ...argument, value: own });
    } else if (keyword === "*" || keyword === "**") throw faultOf(value, position);
    else give(keyword ?? parameters[next++], argument);
  }
  return bound;
}

function childrenIn(bound: Bound, position: number): Built[] {
  const list = bound.get("schedulers");
  if (!list) return [];
  if (list.value.kind !== "list") throw faultOf(list.value, list.position);
  return list.value.items.map((item) => {
    if (item.kind !== "scheduler") throw faultOf(item, list.position ?? position);
    return item.scheduler;
  });
}

/** A value as JSON has it. */
function dataOf(value: Value, position: number): unknown {
  if (value.kind === "number") {
    if (Number.isFinite(value.value)) return value.value;
    throw new Fault(`${value.value} is no value of an option`, position);
  }
  if (value.kind === "text" || value.kind === "constant") return value.value;
  if (value.kind === "list") return value.items.map((item) => dataOf(item, position));
  if (value.kind !== "dictionary") throw faultOf(value, position);
  return Object.fromEntries([...value.entries].map(([key, own]) => [key, dataOf(own, position)]));
}

function noteLeftOut(name: string, { value }: Argument, note: Note): void {
  if (name !== "last_epoch" || (value.kind === "number" && value.value === -1)) return;
  note("last_epoch is left out: a plan begins at its first epoch.");
}

function isNone(value: Value): boolean {
  return value === NONE || (value.kind === "constant" && value.value === null);
}
