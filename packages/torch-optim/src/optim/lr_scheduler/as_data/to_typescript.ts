import { type SoundSpec, sound_spec } from "./check_spec.ts";
import { Names } from "./names.ts";
import { is_own } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { visible } from "./visible.ts";

const WIDTH = 100;

/**
 * The code that builds a spec's scheduler with this library, for an `optimizer`.
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
export function to_typescript(spec: SchedulerSpec): string {
  const statements: string[] = [];
  const types = new Set<string>();
  const names = new Names(camel_case);

  /** Writes the statements that build a scheduler, those inside it first; gives its variable. */
  function build({ type, schedulers, ...options }: SoundSpec, variable?: string): string {
    const children = schedulers?.map((child) => build(child));
    const name = variable ?? names.of(type);
    types.add(type);
    statements.push(statement(name, type, options, children));
    return name;
  }

  build(sound_spec(spec), "scheduler");
  const own = [...types].filter(is_own).sort();
  const known = [...types].filter((type) => !is_own(type)).sort();
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
  type: string,
  options: object,
  children: readonly string[] | undefined,
): string {
  const entries = Object.entries(options).map(([name, value]) => `${name}: ${literal(value)}`);
  if (children) entries.unshift(`schedulers: [${children.join(", ")}]`);
  const call = `const ${variable} = new ${type}(optimizer`;
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
