import { Command, InvalidArgumentError, Option } from "commander";

export const OPTIMIZERS = ["adamw", "adam", "sgd"] as const;

/** What decides the numbers of a run: a resumed run must have the same. */
export interface RunOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: (typeof OPTIMIZERS)[number];
  readonly lr: number;
  readonly seed: number;
}

export interface Options extends RunOptions {
  /** The run's folder, if the user named one. */
  readonly out?: string;
  readonly resume: boolean;
  /** The options that the user gave. */
  readonly given: ReadonlySet<string>;
}

const WRONG_USAGE = 2;

/** Reads the command line; a wrong one ends the program with one sentence and exit code 2. */
export function parseOptions(argv: readonly string[]): Options {
  const program = new Command("npm start --")
    .description("Trains a classifier of handwritten digits under a learning-rate schedule.")
    .option("-e, --epochs <n>", "passes over the data", whole(1), 100)
    .option("-b, --batch-size <n>", "images a step, up to 1437", whole(1, 1437), 128)
    .addOption(
      new Option("-o, --optimizer <name>", "optimizer").choices(OPTIMIZERS).default("adamw"),
    )
    .option("-l, --lr <number>", "base learning rate", positive, 0.01)
    .option("-s, --seed <n>", "seed of the split, the parameters and the data's order", whole(0), 0)
    .option("--out <folder>", "the run's folder (default: a new one under runs/)")
    .option("--resume", "go on with the run in the folder (default: the newest)", false)
    .allowExcessArguments(false)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "")) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_USAGE));
  program.parse(argv, { from: "user" });
  const values = program.opts<Omit<Options, "given">>();
  const names = Object.keys(values);
  const given = new Set(names.filter((name) => program.getOptionValueSource(name) === "cli"));
  return { ...values, given };
}

function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < min || value > max) {
      const to = max < Number.MAX_SAFE_INTEGER ? ` and at most ${max}` : "";
      throw new InvalidArgumentError(`It must be a whole number of at least ${min}${to}.`);
    }
    return value;
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("It must be a number above 0.");
  }
  return value;
}
