import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "./machine.ts";

/** A Python of one's own that has PyTorch, with CUDA for what is measured on a GPU. */
const PYTHON = process.env.PYTORCH_PYTHON;
/** Where `reference/pytorch.sh build` puts one. */
const FOLDER = process.env.PYTORCH_REFERENCE ?? join(homedir(), ".cache", "pytorch-reference");

/** A Python with the real PyTorch, which does what `reference/bench` knows on request. */
export class PyTorch {
  readonly #process: ChildProcess;
  readonly #replies: AsyncIterator<string>;

  private constructor(
    process: ChildProcess,
    replies: AsyncIterator<string>,
    /** Of PyTorch and Python, in words. */
    readonly versions: string,
  ) {
    this.#process = process;
    this.#replies = replies;
  }

  /** Starts one, or gives nothing where it is not installed. */
  static async start(): Promise<PyTorch | undefined> {
    if (!PYTHON && !existsSync(join(FOLDER, "usr", "bin", "python3"))) return undefined;
    const script = join(ROOT, "reference", "bench", "main.py");
    const [program, ...args] = PYTHON
      ? [PYTHON, script]
      : [join(ROOT, "reference", "pytorch.sh"), "run", script];
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new PyTorch(child, replies, JSON.parse(await next(replies)));
  }

  /** Calls a function of `reference/bench`. */
  async call<Result>(name: string, args: object): Promise<Result> {
    this.#process.stdin?.write(`${JSON.stringify({ call: name, args })}\n`);
    return JSON.parse(await next(this.#replies));
  }

  async end(): Promise<void> {
    this.#process.stdin?.end();
    await once(this.#process, "close");
  }
}

async function next(replies: AsyncIterator<string>): Promise<string> {
  const { done, value } = await replies.next();
  if (done) throw new Error("PyTorch ended before it had replied");
  return value;
}
