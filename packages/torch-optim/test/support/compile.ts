import { join } from "node:path";
import ts from "typescript";

/** The folder of the package, from where modules find the library by its name. */
export const PACKAGE = join(import.meta.dirname, "../..");
const ROOT = join(PACKAGE, "../..");

/**
 * What the TypeScript compiler says of modules, with the workspace's own settings; of one that begins with a
 * comment, after that.
 */
export function complaints(modules: readonly string[]): string[] {
  const names = modules.map((_, i) => join(PACKAGE, `module_${i}.ts`));
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const settings = ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options;
  const options = { ...settings, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => names.includes(name) || fileExists(name);
  host.getSourceFile = (name, version, ...rest) => {
    const i = names.indexOf(name);
    return i < 0
      ? getSourceFile(name, version, ...rest)
      : ts.createSourceFile(name, modules[i], version);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram(names, options, host))
    .map(({ file, messageText }) => {
      const [first] = file?.text.split("\n") ?? [""];
      const where = first.startsWith("//") ? `${first}: ` : "";
      return where + ts.flattenDiagnosticMessageText(messageText, "\n");
    });
}
