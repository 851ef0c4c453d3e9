import { is_sound_recipe, type SoundEntry, type SoundSpec, sound_spec } from "./check_spec.ts";
import { Names, words_of } from "./names.ts";
import { members_of } from "./python/chains.ts";
import { factor_of, has_factor, is_of_transformers, sequence_of } from "./python/factors.ts";
import { notes_on, notes_on_product, type Role, reason_for_function } from "./python/notes.ts";
import {
  call,
  define,
  import_from,
  keywords,
  lambda,
  literal,
  OPTION_SCHEDULE,
  RESERVED,
  return_product,
} from "./python/syntax.ts";
import type { Spec } from "./recipe_spec.ts";
import { entry_of } from "./registry.ts";

const PYTORCH = "torch.optim.lr_scheduler";
const SWA = "torch.optim.swa_utils";

/**
 * The Python code that builds a spec's scheduler with PyTorch (and Hugging Face's `transformers`,
 * where a schedule is at home there), for an `optimizer`. In place of composites that would lose
 * factors there, or go wrong as phases, stands a `LambdaLR` of their factors, and a comment where
 * PyTorch goes another way than the spec says.
 *
 * @throws SpecError with everything that is wrong.
 * @example
 * ```ts
 * to_python({ type: "StepLR", step_size: 30 });
 * // from torch.optim.lr_scheduler import StepLR
 * //
 * // scheduler = StepLR(optimizer, step_size=30)
 * ```
 */
export function to_python(spec: Spec): string {
  const program = new Program();
  const sound = sound_spec(spec);
  if (is_sound_recipe(sound)) program.build_recipe(sound.schedules);
  else program.build(sound, ALONE, "scheduler");
  return program.text;
}

/** Where a scheduler stands. */
interface Place {
  readonly role: Role;
  /** For how many epochs it is in force. */
  readonly length: number;
}

const ALONE: Place = { role: "only scheduler", length: Infinity };

class Program {
  readonly #names = new Names((words) => words.join("_"));
  readonly #imports = {
    [PYTORCH]: new Set<string>(),
    [SWA]: new Set<string>(),
    transformers: new Set<string>(),
  };
  readonly #own_classes = new Set<string>();
  readonly #functions: string[] = [];
  readonly #statements: string[] = [];

  get text(): string {
    const imports = Object.entries(this.#imports).flatMap(([module, names]) =>
      import_from(module, [...names].sort()),
    );
    const uses_math = this.#functions.some((text) => text.includes("math."));
    return [
      ...(uses_math ? ["import math", ""] : []),
      ...(imports.length > 0 ? [...imports, ""] : []),
      ...this.#functions.map((text) => `\n${text}\n`),
      ...(this.#functions.length > 0 ? [""] : []),
      ...[...this.#own_classes].sort().map((name) => `# ${name} is a class of your own.`),
      ...this.#statements,
      "",
    ].join("\n");
  }

  /**
   * Writes what builds a recipe. PyTorch's schedulers move the lr of all groups; for other options, or
   * some groups, functions give the factors, and one more writes the groups.
   */
  build_recipe(entries: readonly SoundEntry[]): void {
    const steps = entries.map((entry) => {
      const { option = "lr", groups, schedule } = entry;
      return option === "lr" && !groups
        ? `${this.build(schedule, ALONE)}.step()`
        : this.#build_entry(option, groups ?? undefined, schedule);
    });
    const calls = steps.filter((step) => step !== undefined).map((step) => `    ${step}`);
    this.#statements.push(["\n\ndef step():", ...calls].join("\n"));
  }

  #build_entry(
    option: string,
    groups: readonly (number | string)[] | undefined,
    schedule: SoundSpec,
  ): string | undefined {
    const what = `${option}${groups ? " of some groups" : ""}`;
    if (!has_factor(schedule)) {
      this.#statements.push(
        `# PyTorch schedules no ${what}, and this one is no factor: it is left out.`,
      );
      return undefined;
    }
    const factor = this.#define(schedule, Infinity);
    const name = this.#names.of_option(option);
    if (!this.#functions.includes(OPTION_SCHEDULE)) this.#functions.unshift(OPTION_SCHEDULE);
    this.#statements.push(
      `# PyTorch schedules no ${what}: this does.`,
      moving(name, option, groups, factor),
    );
    return `${name}.step()`;
  }

  /** Writes what builds a scheduler, behind what builds those inside it; gives its variable. */
  build(spec: SoundSpec, place: Place, variable?: string): string {
    const { type, schedulers, starts, ...options } = spec;
    const reason = reason_for_function(spec, place.role);
    if (reason !== undefined) return this.#build_function(spec, place, reason, variable);
    const children = schedulers?.map((child, i) => this.build(child, place_of(spec, i, place)));
    const name = variable ?? this.#names.of(type);
    this.#statements.push(...notes_on(spec, place.role));
    const args = [...arguments_of(type, children), ...keywords(options)];
    this.#assign(name, this.#callee(type), args);
    return name;
  }

  #build_function(
    spec: SoundSpec,
    { length }: Place,
    reason: string,
    variable = this.#names.of(spec.type),
  ): string {
    this.#imports[PYTORCH].add("LambdaLR");
    this.#statements.push(reason);
    const factor = this.#argument(spec, length);
    this.#assign(variable, "LambdaLR", ["optimizer", factor]);
    return variable;
  }

  /** The factor of a scheduler as an argument. */
  #argument(spec: SoundSpec, length: number): string {
    if (spec.type !== "ChainedScheduler") return this.#define(spec, length);
    const factors = this.#factors(spec, length);
    return lambda(factors.join(" * ")) ?? this.#function(spec.type, return_product(factors));
  }

  /** The factors of a chain's members, as expressions of the epoch. */
  #factors(chain: SoundSpec, length: number): string[] {
    const names = members_of(chain).map((member) => this.#define(member, length));
    this.#statements.push(...notes_on_product(chain, length));
    return names.map((name) => `${name}(epoch)`);
  }

  /** Writes the function that gives a scheduler's factor of the base lr; gives its name. */
  #define(spec: SoundSpec, length: number): string {
    const { type, ...options } = spec;
    if (is_of_transformers(type)) {
      const name = this.#names.of(type);
      const args = ["optimizer", ...keywords(options)];
      this.#statements.push(...notes_on(spec, "member of a chain"));
      this.#assign(name, this.#callee(type), args, ".lr_lambdas[0]");
      return name;
    }
    return this.#function(type, this.#body(spec, length));
  }

  #function(type: string, body: readonly string[]): string {
    const name = this.#names.of(type);
    this.#functions.push(define(name, body));
    return name;
  }

  #body(spec: SoundSpec, length: number): readonly string[] {
    const { type, schedulers = [] } = spec;
    if (type === "ChainedScheduler") return return_product(this.#factors(spec, length));
    if (type !== "SequentialLR") return factor_of(spec);
    const functions = schedulers.map((child, i) => this.#define(child, length_of(spec, i, length)));
    return sequence_of(functions, spec);
  }

  #assign(variable: string, callee: string, args: readonly string[], behind = ""): void {
    this.#statements.push(call(`${variable} = ${callee}`, args, behind));
  }

  /** What is called to build a scheduler: it is imported, or the user's own. */
  #callee(type: string): string {
    const home = entry_of(type)?.home;
    if (home === undefined || home === "torch-optim") {
      const name = RESERVED.has(type) ? `${type}_` : type;
      this.#own_classes.add(name);
      return name;
    }
    const name = is_of_transformers(type) ? `get_${words_of(type).join("_")}` : type;
    this.#imports[home].add(name);
    return name;
  }
}

/** An object that moves an option of groups by a factor, as a scheduler moves the lr. */
function moving(
  name: string,
  option: string,
  groups: readonly (number | string)[] | undefined,
  factor: string,
): string {
  const is_selected = groups
    ? [`        if g in ${literal(groups)} or group.get("name") in ${literal(groups)}`]
    : [];
  return [
    `${name} = OptionSchedule(`,
    "    [",
    "        group",
    "        for g, group in enumerate(optimizer.param_groups)",
    ...is_selected,
    "    ],",
    `    ${literal(option)},`,
    `    ${factor},`,
    ")",
  ].join("\n");
}

/** The arguments that are no keywords of the spec. */
function arguments_of(type: string, children: readonly string[] | undefined): string[] {
  const schedulers = `[${children?.join(", ")}]`;
  if (type === "ChainedScheduler") return [schedulers, "optimizer=optimizer"];
  return ["optimizer", ...(children ? [`schedulers=${schedulers}`] : [])];
}

function place_of(parent: SoundSpec, index: number, { length }: Place): Place {
  const phase: Role = index === 0 ? "first phase" : "later phase";
  return {
    role: parent.type === "SequentialLR" ? phase : "member of a chain",
    length: length_of(parent, index, length),
  };
}

/** Up to which of its epochs a scheduler is in force inside one that is so up to `length`. */
function length_of(
  { type, milestones = [], starts }: SoundSpec,
  index: number,
  length: number,
): number {
  if (type !== "SequentialLR") return length;
  const start = milestones[index - 1] ?? 0;
  const epochs = Math.max(0, Math.min(milestones[index] ?? Infinity, length) - start);
  return epochs + (starts?.[index] ?? 0);
}
