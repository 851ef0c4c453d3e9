// Compiles the kernels of src/optim/kernels, each file into one of the same name beside them, in
// src/optim/compiled_kernels; and their loops as programs of operations on whole arrays into each of the
// packages that bring the optimizers to a framework, and as shaders into src/webgpu/shaders and into the one
// whose framework runs shaders.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";
import {
  generate,
  generate_programs,
  generate_shaders,
  generate_tensor_programs,
} from "./generate.ts";

const packages = join(import.meta.dirname, "..", "..");
const optim = join(packages, "torch-optim", "src", "optim");

/** What optimizers run on parts of arrays, or ask for a number; the others run where a parameter stands. */
const PARTS: readonly string[] = ["adafactor", "matrix", "vectors"];

const sources = readdirSync(join(optim, "kernels")).map((file) => {
  const text = readFileSync(join(optim, "kernels", file), "utf8");
  return { file, name: parse(file).name, text };
});

/** Writes a module for each of the sources that something is made of, and nothing else, into a folder. */
function write(folder: string, make: (name: string, text: string) => string | undefined): void {
  const modules = sources.map(({ file, name, text }) => ({ file, made: make(name, text) }));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { file, made } of modules) if (made) writeFileSync(join(folder, file), made);
}

write(join(optim, "compiled_kernels"), (name, text) =>
  generate(name, text, PARTS.includes(name) ? "parts" : "places"),
);
write(join(packages, "jax", "src", "programs"), generate_programs);
write(join(packages, "tfjs", "src", "programs"), generate_tensor_programs);
write(join(packages, "tfjs", "src", "shaders"), (name, text) =>
  generate_shaders(name, text, "torch-optim/webgpu"),
);
write(join(packages, "torch-optim", "src", "webgpu", "shaders"), (name, text) =>
  generate_shaders(name, text, "../shader.ts"),
);
