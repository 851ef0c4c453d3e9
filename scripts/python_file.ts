// Makes the single Python file that npm ships, which works when it is copied alone, from the package in
// `python/torch_optim`: its modules one after another, each behind those that it imports.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const source = join(root, "python", "torch_optim");

/** Where the file stands. */
export const PYTHON_FILE = join(root, "packages", "torch-optim", "python", "torch_optim.py");

const PACKAGE = "__init__";
const ALONE = `Copy this file beside your program: it needs nothing but PyTorch 2. It is made from the package
\`torch-optim\` for Python, of which it has everything.
`;
/** An import, with its names in parentheses or not. */
const IMPORT = /^(?:import [\w.]+|from ([\w.]+) import (?:\(([^)]*)\)|(.*)))\n/;
const DOCSTRING = /^"""([\s\S]*?)"""\n+/;

interface Module {
  readonly name: string;
  readonly docstring: string;
  /** The names that it imports from elsewhere, by where; none for an import of the whole. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** The modules of the package that it imports. */
  readonly needs: readonly string[];
  readonly body: string;
}

/** The text of the file. */
export function python_file(): string {
  const modules = readdirSync(source)
    .filter((name) => name.endsWith(".py"))
    .sort()
    .map((name) => read_module(name.slice(0, -".py".length)));
  const ordered = in_order(modules);
  refuse_names_given_twice(ordered);
  const whole = ordered[ordered.length - 1];
  const sections = ordered
    .slice(0, -1)
    .map(({ docstring, body }) => `# ${docstring.split("\n")[0]}\n\n${body.trim()}`);
  const [title, ...about] = whole.docstring.split("\n\n");
  return [
    `"""${[title, ALONE.trim(), ...about].join("\n\n")}"""\n`,
    `${imports_of(ordered)}\n`,
    whole.body.trim(),
    ...sections.map((section) => `\n\n${section}`),
    "",
  ].join("\n");
}

function read_module(name: string): Module {
  let rest = readFileSync(join(source, `${name}.py`), "utf8");
  const docstring = DOCSTRING.exec(rest)?.[1];
  if (docstring === undefined) throw new Error(`${name}.py must begin with a docstring`);
  rest = rest.replace(DOCSTRING, "");
  const imports = new Map<string, string[]>();
  const needs: string[] = [];
  for (let found = IMPORT.exec(rest); found; found = IMPORT.exec(rest)) {
    const [line, from, several, single] = found;
    const names = (several ?? single ?? "").split(",").map((each) => each.trim());
    if (from?.startsWith(".")) needs.push(from.slice(1));
    else if (from) imports.set(from, names.filter(Boolean));
    else imports.set(line.trim().slice("import ".length), []);
    rest = rest.slice(line.length).replace(/^\n+(?=import |from )/, "");
  }
  return { name, docstring, imports, needs, body: rest };
}

/** Each behind those that it needs, the package's own file last. */
function in_order(modules: readonly Module[]): readonly Module[] {
  const by_name = new Map(modules.map((module) => [module.name, module]));
  const ordered = new Set<Module>();
  const under_way: string[] = [];
  const put = (name: string) => {
    const module = by_name.get(name);
    if (module === undefined) throw new Error(`there is no module ${name}`);
    if (under_way.includes(name)) throw new Error(`${name}.py must not import itself`);
    if (ordered.has(module)) return;
    under_way.push(name);
    for (const needed of module.needs) put(needed);
    under_way.pop();
    ordered.add(module);
  };
  put(PACKAGE);
  return [...ordered];
}

/** All imports from elsewhere, those of PyTorch behind those of Python. */
function imports_of(modules: readonly Module[]): string {
  const all = new Map<string, Set<string>>();
  for (const { imports } of modules) {
    for (const [from, names] of imports) {
      const known = all.get(from) ?? new Set();
      for (const name of names) known.add(name);
      // A module may be imported whole by one, and in parts by another.
      all.set(from, names.length === 0 ? known.add("") : known);
    }
  }
  const lines = [...all].sort().flatMap(([from, names]) => {
    const parts = [...names].filter(Boolean).sort();
    return [
      ...(names.has("") ? [`import ${from}`] : []),
      ...(parts.length > 0 ? [`from ${from} import ${parts.join(", ")}`] : []),
    ];
  });
  const is_of_pytorch = (line: string) => /^\w+ torch\b/.test(line);
  const own = lines.filter((line) => !is_of_pytorch(line));
  return [...by_kind(own), "", ...by_kind(lines.filter(is_of_pytorch))].join("\n");
}

function by_kind(lines: readonly string[]): readonly string[] {
  const is_whole = (line: string) => line.startsWith("import ");
  return [...lines.filter(is_whole), ...lines.filter((line) => !is_whole(line))];
}

/** In one file, a name that two modules give to different things would be the latter's. */
function refuse_names_given_twice(modules: readonly Module[]): void {
  const owners = new Map<string, string>();
  for (const { name, body } of modules) {
    for (const [, given] of body.matchAll(/^(?:def |class |)(\w+)(?=\(|:.* = | = )/gm)) {
      const owner = owners.get(given);
      if (owner !== undefined) throw new Error(`${given} is defined in ${owner}.py and ${name}.py`);
      owners.set(given, name);
    }
  }
}

if (process.argv[1] === import.meta.filename) writeFileSync(PYTHON_FILE, python_file());
