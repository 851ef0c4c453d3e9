import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { bareEnv, COMMAND, folderWith } from "./cli.ts";

const CONSOLE = /(?<=^```console\n)[\s\S]*?(?=^```$)/gm;
const PROMPT = "$ ";

/** A page of the documentation, with the commands in its `console` blocks. */
export class Document {
  readonly path: string;
  readonly text: string;
  /** The folder that the commands run in, one after another. */
  readonly folder = folderWith();
  readonly #bin = folderWith();

  constructor(name: string) {
    this.path = join(import.meta.dirname, "../../../../docs", name);
    this.text = readFileSync(this.path, "utf8");
    mkdirSync(join(this.folder, "gallery"));
    const command = join(this.#bin, "torch-optim");
    writeFileSync(command, `#!/bin/sh\nexec "${COMMAND.join('" "')}" "$@"\n`);
    chmodSync(command, 0o755);
  }

  /** The page with what the commands print now. */
  rerun(): string {
    return this.text.replace(CONSOLE, (block) =>
      block
        .split("\n")
        .filter((line) => line.startsWith(PROMPT))
        .map((line) => `${line}\n${this.#run(line.slice(PROMPT.length))}`)
        .join(""),
    );
  }

  #run(line: string): string {
    const { PATH = "", ...env } = bareEnv();
    return spawnSync("sh", ["-c", `{ ${line}\n} 2>&1`], {
      cwd: this.folder,
      env: { ...env, PATH: this.#bin + delimiter + PATH },
      encoding: "utf8",
    }).stdout;
  }
}
