import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { type Project, ROOT } from "./project.ts";

const PROGRAM = `import * as torch from "torch-optim";
const optimizer = new torch.optim.AdamW([new torch.Parameter([1])]);
const scheduler = new torch.optim.StepLR(optimizer, { step_size: 1 });
`;

/** The file that nothing requires. */
const FOR_BROWSERS = "torch-optim/torch-optim.min.js";

/** What an editor shows as the types of the program's constants. */
const SHOWN = ["torch.optim.AdamW", "torch.optim.lr_scheduler.StepLR"];

/** Prints the names that the entry points have, those in namespaces with their paths. */
const PRINT_NAMES = `
function names(module, path) {
  return Object.entries(module).flatMap(([name, value]) => [
    path + name,
    ...(typeof value === "object" ? names(value, path + name + ".") : []),
  ]);
}
console.log(JSON.stringify(names(entries, "")));
`;

/** Where the types of the installed library and what is there at run time have other names. */
export function differing_names(project: Project): string[] {
  const entries = entry_points("default");
  const exports = entries.map((entry) => `export * as ${JSON.stringify(entry)} from "${entry}";\n`);
  project.write("entries.mts", exports.join(""));
  project.write("entries.mjs", exports.join(""));
  project.write("names.mjs", `import * as entries from "./entries.mjs";\n${PRINT_NAMES}`);
  const requires = entry_points("require").map((entry) => `"${entry}": require("${entry}"),\n`);
  project.write("names.cjs", `const entries = {${requires.join("")}};\n${PRINT_NAMES}`);
  project.write("shown.mts", PROGRAM);

  const { typed, shown } = in_types(project);
  const requirable = typed.filter((name) => !name.startsWith(FOR_BROWSERS));
  // The CommonJS build is for where ES modules cannot be required.
  const commonjs = ["--no-experimental-require-module", "names.cjs"];
  return [
    ...differences("imported", typed, JSON.parse(project.run(process.execPath, ["names.mjs"]))),
    ...differences("required", requirable, JSON.parse(project.run(process.execPath, commonjs))),
    ...differences("shown in editors", SHOWN, shown),
  ];
}

/** The names of the modules that the library exports under a condition. */
function entry_points(condition: string): string[] {
  const file = join(ROOT, "packages", "torch-optim", "package.json");
  const { name, exports } = JSON.parse(readFileSync(file, "utf8"));
  return Object.keys(exports)
    .filter((path) => exports[path][condition]?.endsWith(".js"))
    .map((path) => name + path.slice(1));
}

function in_types({ folder }: Project): { typed: string[]; shown: string[] } {
  const files = ["entries.mts", "shown.mts"].map((name) => join(folder, name));
  const options = { module: ts.ModuleKind.Node16, target: ts.ScriptTarget.ES2022, types: [] };
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();

  const names = (module: ts.Symbol, path: string): string[] =>
    checker.getExportsOfModule(module).flatMap((symbol) => {
      const is_alias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const target = is_alias ? checker.getAliasedSymbol(symbol) : symbol;
      if ((target.flags & ts.SymbolFlags.Value) === 0) return [];
      const name = path + symbol.name;
      const is_module = (target.flags & ts.SymbolFlags.ValueModule) !== 0;
      return [name, ...(is_module ? names(target, `${name}.`) : [])];
    });
  const [entries, shown] = files.map((file) => program.getSourceFile(file));
  const module = entries && checker.getSymbolAtLocation(entries);
  return {
    typed: module ? names(module, "") : [],
    shown: [...(shown?.statements ?? [])]
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => declarationList.declarations)
      .map((constant) => checker.typeToString(checker.getTypeAtLocation(constant), constant)),
  };
}

function differences(where: string, typed: readonly string[], real: readonly string[]): string[] {
  // What is inside a constant is no name of its own.
  const constants = typed.filter((name) => !typed.some((other) => other.startsWith(`${name}.`)));
  const is_inside = (name: string) => constants.some((constant) => name.startsWith(`${constant}.`));
  return [
    ...typed.filter((name) => !real.includes(name)).map((name) => `not ${where}: ${name}`),
    ...real
      .filter((name) => !typed.includes(name) && !is_inside(name))
      .map((name) => `${where}, but not typed: ${name}`),
  ];
}
