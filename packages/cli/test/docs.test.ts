import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe_schedulers, get_scheduler, type SchedulerName } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { CATALOGUE, type Entry } from "../../torch-optim/src/optim/lr_scheduler/catalogue.ts";
import { complaints } from "../../torch-optim/test/support/compile.ts";
import { run } from "../../torch-optim/test/support/run.ts";
import { folderWith, printed } from "./support/cli.ts";
import { Document } from "./support/document.ts";
import { crc32c, readEvents } from "./support/events.ts";
import { programsOf, withPrinted } from "./support/program.ts";

function is_spec_type(wanted: string): boolean {
  return describe_schedulers().some(({ type, is_spec_type }) => type === wanted && is_spec_type);
}

const PICTURE = /\]\(gallery\/(.+?)\)/g;

// After a change that is meant, `npm test -- packages/cli/test/docs.test.ts --update` writes the
// pages and pictures anew.
describe.skipIf(process.platform === "win32")("the documentation", () => {
  it.each([
    "phases.md",
    "resuming.md",
    "checkpoints.md",
    "python.md",
    "many.md",
    "frameworks.md",
    "tensorflow.md",
    "jax.md",
    "errors.md",
    "specs.md",
    "optimizers.md",
    "recipes.md",
    "own-optimizer.md",
    "your-own-scheduler.md",
    "command-line.md",
    "gallery.md",
    "presets.md",
    "../packages/cli/README.md",
  ])("%s shows what its program and its commands print and draw", async (name) => {
    const page = new Document(name);
    await expect(page.rerun()).toMatchFileSnapshot(page.path);
    const pictures = readdirSync(join(page.folder, "gallery"));
    const shown = [...page.text.matchAll(PICTURE)].map(([, picture]) => picture);
    expect(new Set(pictures)).toEqual(new Set(shown));
    for (const picture of pictures) {
      const svg = readFileSync(join(page.folder, "gallery", picture), "utf8");
      await expect(svg).toMatchFileSnapshot(join(dirname(page.path), "gallery", picture));
    }
  });

  it("webgpu.md shows what its program prints, on a GPU in software", async () => {
    const page = new Document("webgpu.md");
    const root = join(import.meta.dirname, "../../..");
    const begin = `import { start_webgpu } from ${JSON.stringify(join(root, "scripts/webgpu.ts"))};
await start_webgpu();
`;
    const with_gpu = withPrinted(page.text, (program) =>
      run(begin + program, root, ["webgpu", "@sparticuz/chromium"]),
    );
    await expect(with_gpu).toMatchFileSnapshot(page.path);
  });

  it("begins, in the README, with the picture of the schedule that it builds", async () => {
    const folder = folderWith();
    const args = ["plot", "linear:10 > cosine:90", "--lr", "1e-3", "--svg", "a.svg"];
    printed(args, { cwd: folder });
    const svg = readFileSync(join(folder, "a.svg"), "utf8");
    await expect(svg).toMatchFileSnapshot("../../../docs/pictures/warmup_cosine.svg");
  });

  it("has every scheduler that a spec can hold, with its meaning and its curve, in order", () => {
    const { text } = new Document("gallery.md");
    const sections = text.split(/^### /m).slice(1);
    const drawable = Object.entries<Entry>(CATALOGUE).filter(([type]) => is_spec_type(type));
    expect(sections.map((section) => section.split("\n", 1)[0])).toEqual(
      drawable.map(([type]) => type),
    );
    for (const [i, [type, { meaning }]] of drawable.entries()) {
      const [, said] = sections[i].replaceAll("`", "").split("\n\n");
      expect(said.startsWith(meaning.slice(0, -1)), `${said} for ${meaning}`).toBe(true);
      expect(sections[i]).toContain(`![The curve of ${type}](gallery/${type}.svg)`);
    }
  });
});

const WITH_PROGRAMS = [
  "phases.md",
  "resuming.md",
  "checkpoints.md",
  "frameworks.md",
  "tensorflow.md",
  "jax.md",
  "webgpu.md",
  "errors.md",
  "specs.md",
  "optimizers.md",
  "own-optimizer.md",
  "recipes.md",
  "your-own-scheduler.md",
];

describe("the programs of all pages", () => {
  it("compile under strict", () => {
    const programs = WITH_PROGRAMS.flatMap((name) => {
      const own = programsOf(new Document(name).text);
      expect(own.length, name).toBeGreaterThan(0);
      return own.map((program) => `// ${name}\n${program}`);
    });
    const wrong = "// wrong.md\nexport const wrong: number = true;";
    expect(complaints([...programs, wrong])).toEqual([
      "// wrong.md: Type 'boolean' is not assignable to type 'number'.",
    ]);
  });
});

describe("recipes.md", () => {
  it("writes an event file as TensorBoard reads it", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    const folder = folderWith();
    const program = programsOf(new Document("recipes.md").text).find((each) =>
      each.includes("class EventLog"),
    );
    run(program ?? "", folder);
    const log = join(folder, "runs", "first");
    const [file] = readdirSync(log);
    expect(file).toMatch(/^events\.out\.tfevents\.\d{10}\./);

    const events = readEvents(readFileSync(join(log, file)));
    const lrs = events.filter(({ tag }) => tag === "lr");
    expect(lrs.map(({ step }) => step)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    for (const { value, step } of lrs) expect(value).toBeCloseTo(0.1 * 0.99 ** step, 7);
    expect(events.find(({ tag }) => tag === "loss")).toEqual({ tag: "loss", value: 6.5, step: 0 });
  });
});

describe("specs.md", () => {
  const page = new Document("specs.md");

  it("lists the names of the short form, each with the option that is its length", () => {
    expect(page.table("| name | scheduler | its own length |")).toEqual(
      Object.entries<Entry>(CATALOGUE).flatMap(([type, { short_names = [], length_option = "" }]) =>
        short_names.map((name) => [name, type, length_option]),
      ),
    );
  });

  it("lists the names that get_scheduler knows", () => {
    const specific: Record<string, object> = {
      cosine_with_min_lr: { min_lr: 0.1 },
      cosine_warmup_with_min_lr: { min_lr: 0.1 },
      warmup_stable_decay: { num_decay_steps: 1 },
    };
    const named = (name: string) =>
      get_scheduler(
        name as SchedulerName,
        { param_groups: [{ lr: 1 }] },
        {
          num_warmup_steps: 1,
          num_training_steps: 9,
          scheduler_specific_kwargs: specific[name] ?? {},
        },
      );
    const rows = page.table("| name | scheduler |");
    for (const [name, type] of rows) expect(named(name).constructor.name).toBe(type);
    expect(() => named("?")).toThrow(`one of ${rows.map(([name]) => name).join(", ")}, got "?"`);
  });
});
