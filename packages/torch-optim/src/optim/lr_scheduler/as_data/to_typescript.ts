import { is_sound_recipe, type SoundEntry, type SoundSpec, sound_spec } from "./check_spec.ts";
import { Names } from "./names.ts";
import type { Spec } from "./recipe_spec.ts";
import { is_own } from "./registry.ts";
import { visible } from "./visible.ts";

const WIDTH = 100;
/** What is imported beside schedulers. */
const OTHERS = new Set(["Recipe", "select"]);

/**
 * The code that builds a spec's scheduler or recipe with this library, for an `optimizer`.
 *
 * @throws SpecError with everything that is wrong.
 * @example
 * ```ts
 * to_typescript({ type: "StepLR", step_size: 30 });
 * // import { StepLR } from "torch-optim/lr_scheduler";
 * //
 * // const scheduler = new StepLR(optimizer, { step_size: 30 });
 * ```
 */
export function to_typescript(spec: Spec): string {
  const statements: string[] = [];
  const types = new Set<string>();
  const names = new Names(camel_case);

  /** Writes the statements that build a scheduler, those inside it first; gives its variable. */
  function build(
    { type, schedulers, ...options }: SoundSpec,
    optimizer: string,
    variable?: string,
  ): string {
    const children = schedulers?.map((child) => build(child, optimizer));
    const name = variable ?? names.of(type);
    types.add(type);
    statements.push(statement(name, [type, optimizer], options, children));
    return name;
  }

  /** The same for an entry of a recipe, on a selection if it needs one. */
  function build_entry({ schedule, ...selected }: SoundEntry): string {
    if (Object.keys(selected).length === 0) return build(schedule, "optimizer");
    types.add("select");
    const name = names.of_option(selected.option ?? "lr");
    const options = Object.entries(selected).map(([key, value]) => `${key}: ${literal(value)}`);
    statements.push(`const ${name} = select(optimizer, { ${options.join(", ")} });`);
    return build(schedule, name);
  }

  const sound = sound_spec(spec);
  if (is_sound_recipe(sound)) {
    types.add("Recipe");
    const schedules = sound.schedules.map(build_entry).join(", ");
    statements.push(`const recipe = new Recipe(optimizer, { schedules: [${schedules}] });`);
  } else build(sound, "optimizer", "scheduler");
  const own = [...types].filter((name) => is_own(name) && !OTHERS.has(name)).sort();
  const known = [...types].filter((type) => !own.includes(type)).sort();
  return [
    known.length > 0 ? `${imports(known)}\n` : "",
    ...own.map((type) => `// ${type} is a class of your own.`),
    ...statements,
    "",
  ]
    .join("\n")
    .trimStart();
}

function imports(types: readonly string[]): string {
  const line = `import { ${types.join(", ")} } from "torch-optim/lr_scheduler";`;
  if (line.length <= WIDTH) return line;
  return `import {\n${types.map((type) => `  ${type},\n`).join("")}} from "torch-optim/lr_scheduler";`;
}

function statement(
  variable: string,
  [type, optimizer]: readonly [string, string],
  options: object,
  children: readonly string[] | undefined,
): string {
  const entries = Object.entries(options).map(([name, value]) => `${name}: ${literal(value)}`);
  if (children) entries.unshift(`schedulers: [${children.join(", ")}]`);
  const call = `const ${variable} = new ${type}(${optimizer}`;
  const line = `${call}${entries.length > 0 ? `, { ${entries.join(", ")} }` : ""});`;
  if (line.length <= WIDTH) return line;
  return `${call}, {\n${entries.map((entry) => `  ${entry},\n`).join("")}});`;
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  return visible(JSON.stringify(value));
}

function camel_case([first, ...rest]: readonly string[]): string {
  return [first, ...rest.map((word) => word[0].toUpperCase() + word.slice(1))].join("");
}
