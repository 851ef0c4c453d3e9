import type { Kernel } from "./kernel.ts";
import { read_kernels } from "./read_kernels.ts";
import { write_wasm } from "./write_wasm.ts";

/**
 * The TypeScript module that carries the compiled kernels of a file: functions of the same names and
 * parameters, which run the compiled form on arrays in the library's memory, and the plain loop on
 * others.
 */
export function generate(name: string, text: string): string {
  const kernels = read_kernels(`${name}.ts`, text);
  // Not in base64: the loops of a module are alike, which a compressed bundle then makes use of.
  const code = Buffer.from(write_wasm(kernels)).toString("hex");
  return `// Made of ../kernels/${name}.ts by packages/torch-optim/compiler.
import { bind_kernels, is_together, place_of } from "../../memory/bind_kernels.ts";
import type { Numbers } from "../../parameter.ts";
import * as plain from "../kernels/${name}.ts";

interface Kernels {
${kernels.map((kernel) => `  ${signature(kernel, "number")};`).join("\n")}
}

const kernels_for = bind_kernels<Kernels>(
  "${code}",
);

${kernels.map(dispatch).join("\n")}`;
}

function signature({ name, arrays, scalars, accumulator }: Kernel, array_type: string): string {
  const parameters = [
    "n: number",
    ...arrays.map((array) => `${array}: ${array_type}`),
    ...scalars.map((scalar) => `${scalar.name}: ${scalar.type}`),
  ];
  return `${name}(${parameters.join(", ")}): ${accumulator ? "number" : "void"}`;
}

function dispatch(kernel: Kernel): string {
  const { name, arrays, scalars } = kernel;
  const [first, ...others] = arrays;
  const names = scalars.map((scalar) => scalar.name);
  const places = arrays.map((array) => `place_of(${array})`);
  const tests = ["kernels", ...others.map((array) => `is_together(${first}, ${array})`)];
  return `export function ${signature(kernel, "Numbers")} {
  const kernels = kernels_for(${first});
  return ${tests.join(" && ")}
    ? kernels.${name}(${["n", ...places, ...names].join(", ")})
    : plain.${name}(${["n", ...arrays, ...names].join(", ")});
}
`;
}
