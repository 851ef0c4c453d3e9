import { boolean } from "../../../fields.ts";
import { option_table, resolve } from "../../../option_table.ts";
import { is_sound_recipe, type SoundEntry, type SoundSpec, sound_spec } from "./check_spec.ts";
import { format_spec } from "./format_spec.ts";
import { Names, words_of } from "./names.ts";
import { call, import_from, keywords, RESERVED, text_literal } from "./python/syntax.ts";
import { has_own_class, why_not_pytorch } from "./python/why_not_pytorch.ts";
import type { Spec } from "./recipe_spec.ts";
import { entry_of } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";

const PYTORCH = "torch.optim.lr_scheduler";
const SWA = "torch.optim.swa_utils";
/** This library's package for Python. */
const PACKAGE = "torch_optim";

/** Options of `to_python`. */
export interface ToPythonOptions {
  /**
   * Whether the program runs under Hugging Face's Accelerate, which steps a prepared scheduler once for
   * every process: then the scheduler stays out of `accelerator.prepare`, and a function steps it once for
   * each step that the optimizer takes. Default false.
   */
  accelerate?: boolean;
}

const OPTIONS = option_table<Required<ToPythonOptions>>("to_python", {
  accelerate: boolean(false),
});

/**
 * The Python code that builds a spec's scheduler, for an `optimizer`: with PyTorch (and Hugging Face's
 * `transformers`, where a schedule is at home there) wherever these give what the spec says, and by
 * `from_spec` of this library's package for Python elsewhere, with the reason as a comment.
 *
 * @throws SpecError with everything that is wrong.
 * @example
 * ```ts
 * to_python({ type: "StepLR", step_size: 30 });
 * // from torch.optim.lr_scheduler import StepLR
 * //
 * // scheduler = StepLR(optimizer, step_size=30)
 * to_python(parse_spec("restarts:10 + step(step_size=10)"));
 * // from torch_optim import from_spec
 * //
 * // # PyTorch's ChainedScheduler goes wrong with CosineAnnealingWarmRestarts as a member.
 * // scheduler = from_spec(optimizer, "restarts:10 + step(step_size=10)")
 * ```
 */
export function to_python(spec: Spec, options: ToPythonOptions = {}): string {
  const { accelerate } = resolve(OPTIONS, options);
  const sound = sound_spec(spec);
  const program = new Program();
  if (accelerate) program.say(ABOUT_ACCELERATE);
  if (is_sound_recipe(sound)) program.build_recipe(sound.schedules);
  else program.build_any(sound, "scheduler");
  if (accelerate) program.step_under_accelerate(takes_metrics(sound));
  return program.text;
}

const ABOUT_ACCELERATE = [
  "# This stands behind accelerator.prepare(model, optimizer, …), which is not given the scheduler:",
  "# it would step it once for every process.",
];

const NO_RECIPES = "PyTorch schedules neither single groups nor options beside the lr.";

class Program {
  readonly #names = new Names((words) => words.join("_"));
  readonly #imports = {
    [PYTORCH]: new Set<string>(),
    [SWA]: new Set<string>(),
    [PACKAGE]: new Set<string>(),
    transformers: new Set<string>(),
  };
  readonly #own_classes = new Set<string>();
  readonly #statements: string[] = [];

  get text(): string {
    const imports = Object.entries(this.#imports).flatMap(([module, names]) =>
      import_from(module, [...names].sort()),
    );
    return [
      ...(imports.length > 0 ? [...imports, ""] : []),
      ...[...this.#own_classes].sort().map((name) => `# ${name} is a class of your own.`),
      ...this.#statements,
      "",
    ].join("\n");
  }

  say(lines: readonly string[]): void {
    this.#statements.push(...lines);
  }

  /** Writes what builds a scheduler, by whichever gives what it says; gives its variable. */
  build_any(spec: SoundSpec, variable?: string): string {
    const reason = why_not_pytorch(spec);
    if (reason === undefined) return this.#build(spec, variable);
    if (!has_own_class(spec)) {
      return this.#build_by_package(spec as unknown as Spec, reason, variable);
    }
    this.say([
      "# torch_optim knows no class of your own, so PyTorch's composites stand here: they have no",
      "# starts, and factors may be lost.",
    ]);
    return this.#build(spec, variable);
  }

  /**
   * Writes what builds a recipe. What the package cannot build, as it has classes of the user's own, is
   * built beside it if it moves the lr of all groups.
   */
  build_recipe(entries: readonly SoundEntry[]): void {
    const known = entries.filter(({ schedule }) => !has_own_class(schedule));
    if (known.length === entries.length) {
      this.#build_by_package(recipe_of(entries), NO_RECIPES, "scheduler");
      return;
    }
    const parts = entries.flatMap((entry) => {
      const { option = "lr", groups, schedule } = entry;
      if (known.includes(entry)) {
        const name = this.#names.of_option(option);
        return [this.#build_by_package(recipe_of([entry]), NO_RECIPES, name)];
      }
      if (option === "lr" && !groups) return [this.build_any(schedule)];
      const what = `${option}${groups ? " of some groups" : ""}`;
      this.say([
        `# PyTorch schedules no ${what}, and torch_optim knows no class of your own: it is left out.`,
      ]);
      return [];
    });
    const calls = parts.map((part) => `    ${part}.step()`);
    this.say(["", "", "def step():", ...(calls.length > 0 ? calls : ["    pass"])]);
  }

  step_under_accelerate(takes_metrics: boolean): void {
    const metrics = takes_metrics ? "metrics" : "";
    this.say([
      "accelerator.register_for_checkpointing(scheduler)",
      "",
      "",
      `def step_scheduler(${metrics}):`,
      '    """Call it after optimizer.step(), in every process and for every batch."""',
      "    if accelerator.sync_gradients and not accelerator.optimizer_step_was_skipped:",
      `        scheduler.step(${metrics})`,
    ]);
  }

  /** Writes the call of the package, and why PyTorch itself does not stand there. */
  #build_by_package(spec: Spec, reason: string, variable?: string): string {
    const name = variable ?? this.#names.of(spec.type);
    this.say([`# ${reason}`]);
    this.#imports[PACKAGE].add("from_spec");
    this.#assign(name, "from_spec", ["optimizer", text_literal(format_spec(spec))]);
    return name;
  }

  /** Writes what builds a scheduler with PyTorch, behind what builds those inside it. */
  #build(spec: SoundSpec, variable?: string): string {
    const { type, schedulers, starts, ...options } = spec;
    const children = schedulers?.map((child) => this.#build(child));
    const name = variable ?? this.#names.of(type);
    const args = [...arguments_of(type, children), ...keywords(options)];
    this.#assign(name, this.#callee(type), args);
    return name;
  }

  #assign(variable: string, callee: string, args: readonly string[]): void {
    this.#statements.push(call(`${variable} = ${callee}`, args));
  }

  /** What is called to build a scheduler: it is imported, or the user's own. */
  #callee(type: string): string {
    const home = entry_of(type)?.home;
    if (home === undefined || home === "torch-optim") {
      const name = RESERVED.has(type) ? `${type}_` : type;
      this.#own_classes.add(name);
      return name;
    }
    const is_function = home === "transformers" && type !== "GreedyLR";
    const name = is_function ? `get_${words_of(type).join("_")}` : type;
    this.#imports[home].add(name);
    return name;
  }
}

function recipe_of(entries: readonly SoundEntry[]): Spec {
  const schedules = entries.map((entry) => ({
    ...entry,
    groups: entry.groups ?? undefined,
    schedule: entry.schedule as unknown as SchedulerSpec,
  }));
  return { type: "Recipe", schedules };
}

/** Whether a step ever takes a metric. */
function takes_metrics(spec: ReturnType<typeof sound_spec>): boolean {
  const inside = is_sound_recipe(spec)
    ? spec.schedules.map(({ schedule }) => schedule)
    : (spec.schedulers ?? []);
  return (
    spec.type === "ReduceLROnPlateau" || spec.type === "GreedyLR" || inside.some(takes_metrics)
  );
}

/** The arguments that are no keywords of the spec. */
function arguments_of(type: string, children: readonly string[] | undefined): string[] {
  const schedulers = `[${children?.join(", ")}]`;
  if (type === "ChainedScheduler") return [schedulers, "optimizer=optimizer"];
  return ["optimizer", ...(children ? [`schedulers=${schedulers}`] : [])];
}
