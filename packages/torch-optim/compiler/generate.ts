import { is_gradient, type Kernel, stored_arrays } from "./kernel.ts";
import { read_kernels } from "./read_kernels.ts";
import { write_float32 } from "./write_float32.ts";
import { write_wasm } from "./write_wasm.ts";

/**
 * The TypeScript module that carries the compiled kernels of a file: functions of the same names and
 * parameters. They run the compiled form on float32 arrays, where they stand or on copies; a loop that
 * gives the same bits where there is no WebAssembly; and the plain loop in float64.
 */
export function generate(name: string, text: string): string {
  const kernels = read_kernels(`${name}.ts`, text);
  // Not in base64: the loops of a module are alike, which a compressed bundle then makes use of.
  const code = Buffer.from(write_wasm(kernels)).toString("hex");
  return `// Made of ../kernels/${name}.ts by packages/torch-optim/compiler.
import { bind_kernels, is_float32, is_together, place_of } from "../../memory/bind_kernels.ts";
import { run_on_copies } from "../../memory/copies.ts";
import type { Numbers } from "../../parameter.ts";
import * as plain from "../kernels/${name}.ts";

interface Kernels {
${kernels.map((kernel) => `  ${signature(kernel, "number")};`).join("\n")}
}

const kernels_for = bind_kernels<Kernels>(
  "${code}",
);

${kernels.map((kernel) => `${dispatch(kernel)}\n${run_apart(kernel)}`).join("\n")}`;
}

function signature({ name, arrays, scalars, accumulator }: Kernel, array_type: string): string {
  const parameters = [
    "n: number",
    ...arrays.map((array) => `${array}: ${array_type}`),
    ...scalars.map((scalar) => `${scalar.name}: ${scalar.type}`),
  ];
  return `${name}(${parameters.join(", ")}): ${accumulator ? "number" : "void"}`;
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
