import { is_gradient, type Kernel, stored_arrays } from "./kernel.ts";
import { read_kernels } from "./read_kernels.ts";
import { write_float32 } from "./write_float32.ts";
import { write_program } from "./write_program.ts";
import { write_wasm } from "./write_wasm.ts";
import { write_wgsl } from "./write_wgsl.ts";

const FOR_PLACES = `import { are_together, bind_kernels, place_of, rounding_of } from "../../memory/bind_kernels.ts";
import { run_on_copies } from "../../memory/copies.ts";
import type { Kernel } from "../../place.ts";
`;

const FOR_PARTS = (
  name: string,
) => `import { bind_kernels, is_float32, is_together, place_of } from "../../memory/bind_kernels.ts";
import { run_on_copies } from "../../memory/copies.ts";
import type { Numbers } from "../../parameter.ts";
import * as plain from "../kernels/${name}.ts";
`;

/**
 * The TypeScript module that carries the compiled kernels of a file, under the same names: functions
 * with the same parameters for parts of arrays, or what places run. They run the compiled form on float32
 * arrays, where they stand or on copies; where there is no WebAssembly, a loop that gives the same bits;
 * and in float64 that loop without its rounding, or for parts the plain one.
 */
export function generate(name: string, text: string, used_by: "parts" | "places"): string {
  const kernels = read_kernels(`${name}.ts`, text);
  // Not in base64: the loops of a module are alike, which a compressed bundle then makes use of.
  const code = Buffer.from(write_wasm(kernels)).toString("hex");
  return `// Made of ../kernels/${name}.ts by packages/torch-optim/compiler.
${used_by === "places" ? FOR_PLACES : FOR_PARTS(name)}
interface Kernels {
${kernels.map((kernel) => `  ${signature(kernel, "number")};`).join("\n")}
}

const kernels_for = bind_kernels<Kernels>(
  "${code}",
);

${kernels.map(used_by === "places" ? for_places : for_parts).join("\n")}`;
}

/** The TypeScript module with a file's kernels as programs; nothing of a file that has none. */
export function generate_programs(name: string, text: string): string | undefined {
  return programs_of(
    name,
    text,
    'import { type Program } from "torch-optim/place";',
    (each) => each,
  );
}

/** The same, each with its shader as well. */
export function generate_tensor_programs(name: string, text: string): string | undefined {
  const imports = `import type { TensorProgram } from "../tensor_place.ts";
import * as shaders from "../shaders/${name}.ts";`;
  return programs_of(name, text, imports, (program) =>
    program.replace(
      /const (\w+): Program = \{/,
      "const $1: TensorProgram = {\nshader: shaders.$1,",
    ),
  );
}

function programs_of(
  name: string,
  text: string,
  imports: string,
  finish: (program: string) => string,
): string | undefined {
  const programs = read_kernels(`${name}.ts`, text).flatMap(
    (kernel) => write_program(kernel) ?? [],
  );
  if (programs.length === 0) return undefined;
  const is_lazy = programs.some((program) => program.includes("lazy("));
  return `// Made of torch-optim's kernels/${name}.ts by packages/torch-optim/compiler.
${is_lazy ? 'import { lazy } from "torch-optim/place";\n' : ""}${imports}

${programs.map(finish).join("\n\n")}
`;
}

/** The TypeScript module with a file's kernels as shaders; nothing of a file that has none. */
export function generate_shaders(name: string, text: string, types: string): string | undefined {
  const shaders = read_kernels(`${name}.ts`, text).flatMap((kernel) => write_wgsl(kernel) ?? []);
  if (shaders.length === 0) return undefined;
  return `// Made of torch-optim's kernels/${name}.ts by packages/torch-optim/compiler.
import type { Shader } from "${types}";

${shaders.join("\n\n")}
`;
}

function signature({ name, arrays, scalars, accumulator }: Kernel, array_type: string): string {
  const parameters = [
    "n: number",
    ...arrays.map((array) => `${array}: ${array_type}`),
    ...scalars.map((scalar) => `${scalar.name}: ${scalar.type}`),
  ];
  return `${name}(${parameters.join(", ")}): ${accumulator ? "number" : "void"}`;
}

function for_parts(kernel: Kernel): string {
  return `${dispatch(kernel)}\n${run_apart(kernel)}`;
}

/** Runs a kernel where its arrays stand; so short that engines inline it, and box no scalars. */
function dispatch(kernel: Kernel): string {
  const { name, arrays } = kernel;
  const [first, ...others] = arrays;
  const places = arrays.map((array) => `place_of(${array})`);
  const tests = ["kernels", ...others.map((array) => `is_together(${first}, ${array})`)];
  return `export function ${signature(kernel, "Numbers")} {
  const kernels = kernels_for(${first});
  return ${tests.join(" && ")}
    ? kernels.${name}(${argument_list(kernel, places)})
    : ${name}_apart(${argument_list(kernel, arrays)});
}
`;
}

/** What places run: the same with lists of arrays and scalars, in which flags are 0 and 1. */
function for_places(kernel: Kernel): string {
  const { name, arrays, scalars } = kernel;
  const given = arrays.map((_, i) => `$a[${i}]`);
  const values = scalars.map(({ type }, i) => (type === "boolean" ? `$s[${i}] > 0` : `$s[${i}]`));
  const places = given.map((array) => `place_of(${array})`);
  const updated = arrays.findIndex((array) => !is_gradient(array));
  const stored = stored_arrays(kernel).map((array) => `$a[${arrays.indexOf(array)}]`);
  const loop = write_float32(kernel, "$round");
  const rounding = loop.includes("$round") ? `const $round = rounding_of($a[${updated}]);` : "";
  return `export const ${name}: Kernel = {
  name: "${name}",
  run($a, $s) {
    const n = $a[0].length;
    const kernels = kernels_for($a[0]);
    if (kernels && are_together($a, ${arrays.length})) {
      kernels.${name}(${["n", ...places, ...values].join(", ")});
    } else if (!run_on_copies(kernels_for, "${name}", n, $a.slice(0, ${arrays.length}), [${stored.join(", ")}], $s)) {
      const [${arrays.join(", ")}] = $a;
      const [${scalars.map((each) => each.name).join(", ")}] = $s;
      ${rounding}
${loop}
    }
    return $a;
  },
};
`;
}

/** The same of arrays that do not stand together; what is updated says in which precision. */
function run_apart(kernel: Kernel): string {
  const { name, arrays } = kernel;
  const [updated] = arrays.filter((array) => !is_gradient(array));
  return `function ${signature({ ...kernel, name: `${name}_apart` }, "Numbers")} {
if (!is_float32(${updated})) return plain.${name}(${argument_list(kernel, arrays)});
${run_on_copies(kernel)}${write_float32(kernel)}
}
`;
}

/** Element-wise kernels can work on copies, piece by piece; sums over pieces would have other bits. */
function run_on_copies(kernel: Kernel): string {
  if (kernel.accumulator) return "";
  const scalars = kernel.scalars.map(({ name }) => name);
  const lists = [kernel.arrays, stored_arrays(kernel), scalars].map(
    (list) => `[${list.join(", ")}]`,
  );
  return `if (run_on_copies(kernels_for, "${kernel.name}", n, ${lists.join(", ")})) return;\n`;
}

function argument_list({ scalars }: Kernel, arrays: readonly string[]): string {
  return ["n", ...arrays, ...scalars.map(({ name }) => name)].join(", ");
}
