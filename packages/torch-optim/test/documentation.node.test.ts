import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import manifest from "../package.json";
import { PACKAGE } from "./support/compile.ts";

const entries = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === "object" && "@torch-optim/source" in entry
    ? [join(PACKAGE, entry["@torch-optim/source"])]
    : [],
);
const { config } = ts.readConfigFile(join(PACKAGE, "tsconfig.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, PACKAGE);
const program = ts.createProgram(entries, options);
const checker = program.getTypeChecker();

function is_documented(symbol: ts.Symbol): boolean {
  return symbol.getDocumentationComment(checker).length > 0;
}

/** What a module exports, by name, without its namespaces. */
function exports_of(file: string): [string, ts.Symbol][] {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`no module: ${file}`);
  return checker
    .getExportsOfModule(module)
    .map((symbol): [string, ts.Symbol] => {
      const is_alias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      return [symbol.name, is_alias ? checker.getAliasedSymbol(symbol) : symbol];
    })
    .filter(([, symbol]) => (symbol.flags & ts.SymbolFlags.ValueModule) === 0);
}

/** The members that a class or an interface declares of its own for its users. */
function members_of(symbol: ts.Symbol): ts.Symbol[] {
  const hidden = ts.ModifierFlags.NonPublicAccessibilityModifier | ts.ModifierFlags.Override;
  return [...(symbol.members?.values() ?? [])].filter((member) => {
    const [declaration] = member.declarations ?? [];
    const name = declaration && ts.getNameOfDeclaration(declaration);
    const is_internal = member.getJsDocTags().some((tag) => tag.name === "internal");
    return (
      name !== undefined &&
      !ts.isPrivateIdentifier(name) &&
      !ts.isTypeParameterDeclaration(declaration) &&
      (ts.getCombinedModifierFlags(declaration) & hidden) === 0 &&
      !is_internal
    );
  });
}

test("all that the package exports is documented, with its members", () => {
  const exported = new Map(entries.flatMap(exports_of));
  expect(exported.size).toBeGreaterThan(90);
  const undocumented = [...exported].flatMap(([name, symbol]) => {
    // An option that a class shows as its property is documented among its options.
    const shown = exported.get(`${name}Options`);
    const options = shown ? checker.getDeclaredTypeOfSymbol(shown).getProperties() : [];
    const known = new Set(options.filter(is_documented).map((option) => option.name));
    return [
      ...(is_documented(symbol) ? [] : [name]),
      ...members_of(symbol)
        .filter((member) => !is_documented(member) && !known.has(member.name))
        .map((member) => `${name}.${member.name}`),
    ];
  });
  expect(undocumented).toEqual([]);
});
