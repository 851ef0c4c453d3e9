import { Command, Option } from "commander";
import { check_spec, type SchedulerSpec } from "torch-optim/lr_scheduler";
import { z } from "zod";
import { TRAINING_IMAGES } from "./images.ts";
import { readSchedule } from "./spec.ts";

const POSITIVE = { error: "must be a number above 0" };
const FOLDER = z.string().min(1, { error: "must name a folder" });

/** What decides the numbers of a run: a resumed run has the same. */
export const RUN_OPTIONS = z.strictObject({
  epochs: whole(1),
  batchSize: whole(1, TRAINING_IMAGES),
  optimizer: z.enum(["adamw", "adam", "sgd"], { error: "must be adamw, adam or sgd" }),
  lr: z.number(POSITIVE).positive(POSITIVE),
  seed: whole(0, 2 ** 32 - 1),
  /** None is the default one, which follows from the number of epochs. */
  schedule: z
    .custom<SchedulerSpec>((spec) => check_spec(spec).length === 0, { error: "must be a spec" })
    .nullable(),
});

export type RunOptions = z.infer<typeof RUN_OPTIONS>;

/** How checkpoints are kept: as JSON, or as PyTorch keeps its own. */
export const FORMATS = ["json", "pt"] as const;
export type CheckpointFormat = (typeof FORMATS)[number];
const FORMAT = z.enum(FORMATS, { error: "must be json or pt" });

export interface CommandLine {
  /** The options of the run, defaults filled in. */
  readonly options: RunOptions;
  /** Those of them that the user gave. */
  readonly given: Partial<RunOptions>;
  /** The run's folder, if the user named one. */
  readonly out: string | undefined;
  readonly resume: boolean;
  /** How its checkpoints are kept, if the user said. */
  readonly checkpointFormat: CheckpointFormat | undefined;
}

const WRONG_USAGE = 2;

/** Reads the command line; a wrong one ends the program with one sentence and exit code 2. */
export async function parseCommandLine(argv: readonly string[]): Promise<CommandLine> {
  const program = new Command("npm start --")
    .description("Trains a classifier of handwritten digits under a learning-rate schedule.")
    .configureOutput({ outputError: (text, write) => write(oneSentence(text)) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_USAGE));

  /** An option that the schema judges; a number is read as such. */
  const option = (flags: string, description: string, schema: z.ZodType, fallback?: unknown) => {
    const made = new Option(flags, description).default(fallback);
    return made.argParser((text: string) => {
      const { data, error } = schema.safeParse(flags.endsWith("<n>") ? toNumber(text) : text);
      return error ? program.error(`${made.long} ${error.issues[0].message}, got '${text}'`) : data;
    });
  };

  const { epochs, batchSize, optimizer, lr, seed } = RUN_OPTIONS.shape;
  const batchSizes = `images a step, up to ${TRAINING_IMAGES}`;
  program
    .addOption(option("--epochs <n>", "passes over the data", epochs, 100))
    .addOption(option("--batch-size <n>", batchSizes, batchSize, 128))
    .addOption(option("--optimizer <name>", "adamw, adam or sgd", optimizer, "adamw"))
    .addOption(option("--lr <n>", "base learning rate", lr, 0.03))
    .addOption(option("--seed <n>", "decides split, parameters and data order", seed, 0))
    .option("--schedule <spec>", "a file, - for standard input, or 'linear:10 > cosine:90'")
    .addOption(option("--out <folder>", "the run's folder", FOLDER))
    .option("--resume", "go on with the run in the folder")
    .addOption(option("--checkpoint-format <format>", "json, or pt for PyTorch's", FORMAT))
    .allowExcessArguments()
    .addHelpText("after", HELP)
    .parse(argv, { from: "user" });
  if (program.args.length > 0) program.error(`unexpected argument '${program.args[0]}'`);

  const {
    out,
    resume = false,
    checkpointFormat,
    schedule: spec,
    ...numbers
  } = program.opts<
    RunOptions &
      Partial<Pick<CommandLine, "out" | "resume" | "checkpointFormat">> & { schedule?: string }
  >();
  const options: RunOptions = { ...numbers, schedule: null };
  try {
    if (spec !== undefined) options.schedule = await readSchedule(spec, options.epochs);
  } catch (error) {
    program.error(`--schedule is no schedule for this run: ${(error as Error).message}`);
  }
  const given = Object.entries(options).filter(
    ([name]) => program.getOptionValueSource(name) === "cli",
  );
  return { options, given: Object.fromEntries(given), out, resume, checkpointFormat };
}

const HELP = `
Without --schedule, the lr rises for a tenth of the epochs and falls along a cosine.
Without --out, a run goes into a new folder under runs/, and --resume takes the newest one there.`;

/** The flag of an option. */
export function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A whole number; the error completes a sentence that begins with the option's name. */
function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const error = { error: `must be a whole number ${bounds}` };
  return z.int(error).min(min, error).max(max, error);
}

function toNumber(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function oneSentence(text: string): string {
  return text.replace(/^error: /, "").replace(/\n(?=.)/g, " ");
}
