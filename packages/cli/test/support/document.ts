import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { bareEnv, COMMAND, folderWith } from "./cli.ts";
import { withOutputs } from "./program.ts";

/** A block with a file's name after its language is that file. */
const FILE = /^```\w+ (\S+)\n([\s\S]*?)^```$/gm;
const CONSOLE = /(?<=^```console\n)[\s\S]*?(?=^```$)/gm;
const PROMPT = "$ ";

/** A page of the documentation, with the program and the commands in its blocks. */
export class Document {
  readonly path: string;
  readonly text: string;
  /** The folder that the program runs in, and after it the commands one after another. */
  readonly folder = folderWith();
  readonly #bin = folderWith();

  constructor(name: string) {
    this.path = join(import.meta.dirname, "../../../../docs", name);
    this.text = readFileSync(this.path, "utf8");
    mkdirSync(join(this.folder, "gallery"));
    for (const [, file, text] of this.text.matchAll(FILE)) {
      writeFileSync(join(this.folder, file), text);
    }
    const command = join(this.#bin, "torch-optim");
    writeFileSync(command, `#!/bin/sh\nexec "${COMMAND.join('" "')}" "$@"\n`);
    chmodSync(command, 0o755);
  }

  /** The page with what the program and the commands print now. */
  rerun(): string {
    return withOutputs(this.text, this.folder).replace(CONSOLE, (block) =>
      block
        .split("\n")
        .filter((line) => line.startsWith(PROMPT))
        .map((line) => `${line}\n${this.#run(line.slice(PROMPT.length))}`)
        .join(""),
    );
  }

  /** The cells of the table below this head, without their backquotes. */
  table(head: string): string[][] {
    const [, below = ""] = this.text.split(`${head}\n`);
    const [, ...rows] = below.split("\n\n", 1)[0].split("\n");
    return rows.map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.replaceAll("`", "").trim()),
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
