// Builds what is published, into dist: one ES module for each module of the sources, the same as
// CommonJS in dist/cjs, and all in one minified file. Modules stay apart since only so do bundlers see
// what `torch.optim.SGD` needs: a namespace that is bundled becomes an object, which holds everything.
import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import ts from "typescript";

const source = join(import.meta.dirname, "src");
const target = join(import.meta.dirname, "dist");
const commonjs = join(target, "cjs");
const RELATIVE_NAME = /(?<=["']\.\.?\/[^"']*)\.ts(?=["'])/g;

/** The sources compiled, with their types. */
function compile(): ts.Program {
  const file = join(import.meta.dirname, "tsconfig.json");
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, import.meta.dirname);
  return ts.createProgram(fileNames, {
    ...options,
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    rootDir: source,
    outDir: target,
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
  });
}

/** Writes a module or its types as ES module and as CommonJS. */
function write(name: string, text: string): void {
  const in_commonjs = join(commonjs, relative(target, name));
  if (name.endsWith(".d.ts")) {
    // The compiler leaves the names of the sources in types.
    const types = text.replace(RELATIVE_NAME, ".js");
    ts.sys.writeFile(name, types);
    ts.sys.writeFile(in_commonjs, types);
  } else {
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    ts.sys.writeFile(name, text);
    ts.sys.writeFile(in_commonjs, ts.transpile(text, options));
  }
}

rmSync(target, { recursive: true, force: true });
compile().emit(undefined, write);
ts.sys.writeFile(join(commonjs, "package.json"), '{ "type": "commonjs" }\n');
await build({
  entryPoints: [join(target, "index.js")],
  outfile: join(target, "torch-optim.min.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
});
