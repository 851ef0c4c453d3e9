import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The root of the workspace. */
export const ROOT = join(import.meta.dirname, "..", "..");

const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");

/** A folder of its own, outside the workspace, for what users do with the packages. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "torch-optim-package-"));

  constructor(manifest: object) {
    this.write("package.json", JSON.stringify(manifest));
  }

  write(name: string, text: string): void {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Packs a package of the workspace as for publishing; gives the path of the file. */
  pack(name: string): string {
    const args = ["pack", "--silent", "--pack-destination", this.folder];
    const cwd = join(ROOT, "packages", name);
    return join(this.folder, this.run("npm", args, cwd).trim());
  }

  install(packages: readonly string[]): void {
    const quiet = ["--silent", "--no-audit", "--no-fund", "--prefer-offline"];
    this.run("npm", ["install", ...quiet, ...packages]);
  }

  /** Compiles programs under the strictest options; `others` are further ones. */
  compile(
    module: string,
    resolution: string,
    files: readonly string[],
    others: readonly string[] = [],
  ): void {
    const strict = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"];
    const modules = ["--module", module, "--moduleResolution", resolution];
    this.run(process.execPath, [
      TSC,
      ...strict,
      "--target",
      "es2022",
      ...modules,
      ...others,
      ...files,
    ]);
  }

  /** What a command prints; it throws if the command fails. */
  run(command: string, args: readonly string[], cwd = this.folder): string {
    return execFileSync(command, args, {
      cwd,
      // The published files are to be found, not the workspace's sources.
      env: { ...process.env, NODE_OPTIONS: "" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  }
}
