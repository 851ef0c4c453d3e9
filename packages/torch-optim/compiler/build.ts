// Compiles the kernels of src/optim/kernels, each file into one of the same name beside them, in
// src/optim/compiled_kernels.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";
import { generate } from "./generate.ts";

const optim = join(import.meta.dirname, "..", "src", "optim");
const target = join(optim, "compiled_kernels");

const modules = readdirSync(join(optim, "kernels")).map((file) => {
  const text = readFileSync(join(optim, "kernels", file), "utf8");
  return { file, compiled: generate(parse(file).name, text) };
});
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
for (const { file, compiled } of modules) writeFileSync(join(target, file), compiled);
