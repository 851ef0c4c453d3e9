import { type Statement, statements_of, types_at } from "./program.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";

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
  const statements = statements_of(spec, camel_case);
  const own = types_at(undefined, statements);
  const known = [...new Set(statements.map((statement) => statement.spec.type))]
    .filter((type) => !own.includes(type))
    .sort();
  return [
    known.length > 0 ? `${imports(known)}\n` : "",
    ...own.map((type) => `// ${type} is a class of your own.`),
    ...statements.map(write),
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

function write({ variable, spec, options, children }: Statement): string {
  const entries = options.map(([name, value]) => `${name}: ${write_value(value)}`);
  if (children) entries.unshift(`schedulers: [${children.join(", ")}]`);
  const call = `const ${variable} = new ${spec.type}(optimizer`;
  const line = `${call}${entries.length > 0 ? `, { ${entries.join(", ")} }` : ""});`;
  if (line.length <= WIDTH) return line;
  return `${call}, {\n${entries.map((entry) => `  ${entry},\n`).join("")}});`;
}

function write_value(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(write_value).join(", ")}]` : JSON.stringify(value);
}

function camel_case([first, ...rest]: readonly string[]): string {
  return [first, ...rest.map((word) => word[0].toUpperCase() + word.slice(1))].join("");
}
