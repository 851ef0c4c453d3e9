import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bareEnv, COMMAND, folderWith, printed, torchOptim } from "./support/cli.ts";

const COMMANDS = ["plot", "table", "check", "convert", "list", "example", "complete"];
const ESCAPE = "\u001b";

/** Runs a line of shell in which `torch-optim` is the command. */
function shell(line: string, env: Record<string, string> = {}) {
  const command = COMMAND.map((part) => `'${part}'`).join(" ");
  const script = `torch-optim() { ${command} "$@"; }\n${line}`;
  return spawnSync("bash", ["-o", "pipefail", "-c", script], {
    encoding: "utf8",
    env: { ...bareEnv(), ...env },
  });
}

describe("help", () => {
  it.each(COMMANDS)("of %s says how to use it, with examples, in 80 columns", (command) => {
    const help = printed([command, "--help"]);
    expect(help).toMatch(new RegExp(`^Usage: torch-optim ${command} `));
    expect(help).toMatch(/^Examples:\n {2}\$ .*torch-optim /m);
    expect(Math.max(...help.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it("names all commands", () => {
    const help = printed(["--help"]);
    for (const command of COMMANDS) expect(help).toMatch(new RegExp(`^ {2}${command} `, "m"));
    expect(printed(["help"])).toBe(help);
    expect(printed(["help", "plot"])).toBe(printed(["plot", "--help"]));
  });
});

describe("exit codes", () => {
  it("gives its version", () => {
    const { version } = JSON.parse(
      readFileSync(new URL("../package.json", import.meta.url), "utf8"),
    );
    expect(printed(["--version"])).toBe(`${version}\n`);
  });

  it.each([
    ["no command", []],
    ["an unknown command", ["draw"]],
    ["an unknown option", ["plot", "cosine:9", "--colour"]],
    ["no spec", ["plot"]],
    ["no epochs", ["plot", "cosine:9", "--epochs", "0"]],
    ["too many epochs", ["plot", "cosine:9", "--epochs", "1e12"]],
    ["an empty lr", ["plot", "cosine:9", "--lr", ""]],
    ["an lr below 0", ["plot", "cosine:9", "--lr", "-1"]],
    ["an unknown format", ["table", "cosine:9", "--format", "xml"]],
  ])("are 2 for wrong usage: %s", (_, args) => {
    const { status, stdout, stderr } = torchOptim(args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    "plot",
    "table",
    "convert",
  ])("are 1 for %s of a wrong spec, and nothing is printed", (command) => {
    const { status, stdout, stderr } = torchOptim([
      command,
      '{"type":"StepLR"}',
      ...(command === "convert" ? ["--to", "json"] : []),
    ]);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe("step_size: must be a whole number of at least 1, but is missing\n");
  });
});

describe("colours", () => {
  it("are not put into pipes", () => {
    expect(printed(["plot", "cosine:9", "step(step_size=9)"])).not.toContain(ESCAPE);
    expect(printed(["list"])).not.toContain(ESCAPE);
  });

  it("can be forced", () => {
    expect(printed(["list"], { env: { FORCE_COLOR: "1" } })).toContain(ESCAPE);
  });

  it.runIf(process.platform === "linux")("are in terminals, but not with NO_COLOR", () => {
    const command = [...COMMAND, "plot", "cosine:9"].map((part) => `'${part}'`).join(" ");
    const terminal = (env: Record<string, string>) =>
      spawnSync("script", ["-qec", command, "/dev/null"], {
        encoding: "utf8",
        env: { ...bareEnv(), TERM: "xterm-256color", ...env },
      }).stdout;
    expect(terminal({})).toContain(ESCAPE);
    expect(terminal({ NO_COLOR: "1" })).not.toContain(ESCAPE);
    expect(terminal({ NO_COLOR: "1" })).toContain("└");
  });
});

describe.skipIf(process.platform === "win32")("among other programs", () => {
  it("says nothing when its reader has gone", () => {
    const { status, stdout, stderr } = shell("torch-optim table cosine:100000 --all | head -1");
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "epoch  phase                lr\n",
      stderr: "",
    });
  });

  it("reads from a pipe and writes into one", () => {
    const { stdout } = shell(
      "torch-optim example one-cycle | torch-optim table - --format csv | wc -l",
    );
    expect(Number(stdout)).toBe(4);
  });

  it("stops at Ctrl-C without a word", async () => {
    const [node, ...rest] = COMMAND;
    const child = spawn(node, [...rest, "check", "-"], { env: bareEnv() });
    let said = "";
    child.stdout.on("data", (data) => {
      said += data;
    });
    child.stderr.on("data", (data) => {
      said += data;
    });
    const ended = new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill("SIGINT");
    expect(await ended).toBe("SIGINT");
    expect(said).toBe("");
  });
});

describe("completion", () => {
  const answer = (args: readonly string[]) => printed(["complete", "--", ...args]).split("\n");
  const offered = (args: readonly string[]) => answer(args).map((line) => line.split("\t")[0]);

  it("offers commands, their options, and the values that those can have", () => {
    expect(offered([""])).toEqual(expect.arrayContaining([...COMMANDS, "help"]));
    expect(offered(["t"])).toEqual(["table", ":4", ""]);
    expect(offered(["plot", "--x"])).toEqual(["--x-label", ":4", ""]);
    expect(offered(["convert", "a.json", "--to", "p"])).toEqual(["python", ":4", ""]);
    expect(offered(["convert", "--to=p"])).toEqual(["python", ":4", ""]);
    expect(offered(["convert", "--to", "=", "p"])).toEqual(["python", ":4", ""]);
    expect(offered(["example", "warmup-c"])).toEqual(["warmup-cosine", ":4", ""]);
    expect(offered(["list", "StepLR", "cos"])).toEqual(["cosine", ":4", ""]);
    expect(answer(["list", "cosine"])).toEqual([
      expect.stringMatching(/^cosine\tFalls along half a cosine/),
      ":4",
      "",
    ]);
    expect(offered(["help", "pl"])).toEqual(["plot", ":4", ""]);
    expect(offered(["complete", "f"])).toEqual(["fish", ":4", ""]);
    expect(offered(["example", "one-cycle", ""])).toEqual([":4", ""]);
  });

  it.each([
    ["plot", ""],
    ["plot", "a.json", ""],
    ["plot", "--lr", "0.1", "sch"],
    ["plot", "a.json", "--svg", ""],
    ["table", "-m", "los"],
    ["check", "a.json", "b"],
  ])("leaves files to the shell: %s %s", (...words) => {
    expect(answer(words)).toEqual([":0", ""]);
  });

  it.each(["bash", "zsh", "fish", "powershell"])("prints a script for %s", (name) => {
    expect(printed(["complete", name])).toContain("torch-optim");
  });

  it.skipIf(process.platform === "win32")(
    "works in bash, for paths as for words, and evaluates nothing",
    () => {
      const folder = folderWith();
      mkdirSync(join(folder, "schedules"));
      const { stdout } = shell(
        `cd '${folder}'
      eval "$(torch-optim complete bash)"
      complete -p torch-optim
      offer() {
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _torch_optim; echo "$2: \${COMPREPLY[*]}"
      }
      offer torch-optim pl
      offer torch-optim convert --to = t
      offer torch-optim plot '"$(touch evaluated)' sch`,
      );
      expect(stdout.split("\n")).toEqual([
        "complete -o bashdefault -o default -F _torch_optim torch-optim",
        "pl: plot",
        "convert: typescript",
        "plot: ",
        "",
      ]);
      expect(readdirSync(folder)).toEqual(["schedules"]);
    },
  );
});
