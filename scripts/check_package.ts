// Checks the packages as they would be published: lints them, installs them into an empty project, and
// type-checks, imports, requires, tests and runs them there as users would.
import { readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { lint } from "./package/linters.ts";
import { differing_names } from "./package/names.ts";
import { open_page } from "./package/page.ts";
import { Project, ROOT } from "./package/project.ts";

/** The first TypeScript example of the README, on two parameters. */
function first_example(): string {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  return `${example}
import { SequentialLR } from "torch-optim/lr_scheduler";
import { AdamW } from "torch-optim/optim";
if (!(scheduler instanceof SequentialLR) || !(optimizer instanceof AdamW)) throw new Error("another class");
console.log(JSON.stringify(scheduler.get_last_lr()), scheduler.last_epoch);
`;
}

/** The same curve in CommonJS, and whether it is the same library that ES modules import. */
const COMMONJS = `
import torch = require("torch-optim");
import { StepLR, type StepLROptions } from "torch-optim/lr_scheduler";
const optimizer: torch.optim.SGD = new torch.optim.SGD([new torch.Parameter([1, 2])], { lr: 0.1 });
const options: StepLROptions = { step_size: 2 };
const scheduler = new StepLR(optimizer, options);
if (!(scheduler instanceof torch.optim.StepLR)) throw new Error("another class");
import("torch-optim").then((imported) => {
  if (!Object.is(imported.optim.SGD, torch.optim.SGD)) throw new Error("another copy");
  console.log(JSON.stringify(scheduler.get_last_lr()));
});
`;

/** A checkpoint in memory and in a file, as ES module and in CommonJS. */
const CHECKPOINT = `
import * as torch from "torch-optim";
import { type Checkpoint, load_pt, read_checkpoint, save_pt, write_checkpoint } from "torch-optim-checkpoint";
const weight = new torch.Parameter(new Float32Array([1, 2]));
const optimizer = new torch.optim.AdamW([weight], { lr: 0.1 });
const scheduler = new torch.optim.StepLR(optimizer, { step_size: 2 });
weight.grad = new Float32Array([1, 1]);
optimizer.step();
scheduler.step();
const parts = { model: { weight }, optimizer, scheduler, extra: { epoch: 1 } };
const saved: Checkpoint = load_pt(save_pt(parts));
optimizer.load_state_dict(saved.optimizer);
scheduler.load_state_dict(saved.scheduler);
write_checkpoint("run.safetensors", parts)
  .then(() => read_checkpoint("run.safetensors"))
  .then(({ model, extra }) => console.log(model.weight?.data.length, extra.epoch, scheduler.last_epoch));
`;

/** A model of TensorFlow.js under a schedule. */
const TENSORFLOW = `
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { StepLR } from "torch-optim/lr_scheduler";
import { AdamW, schedulable, scheduler_callback } from "torch-optim-tfjs";
await tf.setBackend("cpu");
const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
const optimizer = new AdamW({ lr: 0.1 });
const scheduler = new StepLR(optimizer, { step_size: 1, gamma: 0.5 });
model.compile({ optimizer, loss: "meanSquaredError" });
const callbacks = scheduler_callback(scheduler);
const { history } = await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { epochs: 2, verbose: 0, callbacks });
const sgd = schedulable(tf.train.sgd(0.1));
new StepLR(sgd, { step_size: 1, gamma: 0.5 }).step();
console.log(history.lr?.map(Number).join(" "), sgd.param_groups[0]?.lr);
`;

/** A step of jax-js under a schedule. */
const JAX = `
import { defaultDevice, init, numpy as np } from "@jax-js/jax";
import { StepLR } from "torch-optim/lr_scheduler";
import { adamw, chain, clip_by_global_norm, inject } from "torch-optim-jax";
await init("wasm");
defaultDevice("wasm");
const adam = adamw({ lr: 0.1 });
const solver = chain(clip_by_global_norm(1), inject(adam, new StepLR(adam, { step_size: 1 })));
const params = [np.array([1, 2])];
const state = solver.init(params.map((each) => each.ref));
const [updates, next] = solver.update([np.array([1, 1])], state, params);
solver.advance(next);
console.log(updates[0]?.shape.join(), adam.param_groups[0]?.lr);
`;

/** Both in CommonJS. */
const FRAMEWORKS_REQUIRED = `
import tfjs = require("torch-optim-tfjs");
import jax = require("torch-optim-jax");
console.log(new tfjs.AdamW({ lr: 0.1 }).param_groups[0]?.lr, jax.adamw({ lr: 0.2 }).param_groups[0]?.lr);
`;

const JEST = `
const torch = require("torch-optim");
test("a step", () => {
  const optimizer = new torch.optim.SGD([new torch.Parameter([1, 2])], { lr: 0.1 });
  const scheduler = new torch.optim.StepLR(optimizer, { step_size: 1, gamma: 0.5 });
  optimizer.step();
  scheduler.step();
  expect(scheduler.get_last_lr()).toEqual([0.05]);
});
`;

/** Other runtimes, and a test runner that knows only CommonJS. */
const TOOLS = { node: "26.10.0", deno: "2.9.6", bun: "1.4.5", jest: "30.5.2" };
const RUNTIMES = { node: [], deno: ["run", "--allow-all", "--quiet"], bun: [] };

/** What users of the packages for frameworks have beside them. */
const FRAMEWORKS = ["core", "layers", "backend-cpu"]
  .map((part) => `@tensorflow/tfjs-${part}@4.22.0`)
  .concat("@jax-js/jax@0.1.25");

const SCHEDULE = "linear:10 > cosine:90";

/** What a user's programs and the command line print under a runtime. */
function outputs(command: string, before: readonly string[] = []): string {
  const main = "node_modules/torch-optim-cli/dist/main.js";
  const plot = [main, "plot", SCHEDULE, "--svg", "plot.svg", "--png", "plot.png"];
  const checkpoints = [["checkpoint.js"], ["checkpoint_required.cjs"]];
  return [["program.js"], ["program.cjs"], ...checkpoints, [main, "table", SCHEDULE], plot]
    .map((args) => project.run(command, [...before, ...args]))
    .join("");
}

/** Runs the programs here and in the other runtimes, and a test under Jest. */
function run_everywhere(): void {
  const here = outputs(process.execPath);
  console.log(`Node.js ${process.version}:\n${here}`);
  try {
    tools.install(Object.entries(TOOLS).map(([name, version]) => `${name}@${version}`));
  } catch {
    console.warn(`SKIPPED: ${Object.keys(TOOLS)} could not be installed, so nothing ran there`);
    return;
  }
  const bin = join(tools.folder, "node_modules", ".bin");
  for (const [name, args] of Object.entries(RUNTIMES)) {
    const there = outputs(join(bin, name), args);
    report(`the same under ${name}`, there === here ? [] : [there]);
  }
  project.write("jest/package.json", "{}");
  project.write("jest/step.test.js", JEST);
  project.run(join(bin, "jest"), ["--rootDir", "jest"]);
}

function report(what: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${what}:\n${problems.join("\n")}`);
  console.log(`${what}: ok`);
}

const project = new Project({ private: true, type: "module" });
/** Apart from the project, where the newest Node.js would stand in for the one that runs this. */
const tools = new Project({ private: true });
try {
  const tarballs = ["torch-optim", "cli", "checkpoint", "tfjs", "jax"].map((name) =>
    project.pack(name),
  );
  for (const tarball of tarballs) report(basename(tarball), await lint(tarball));
  project.install([...tarballs, ...FRAMEWORKS]);
  report("names in types and at run time, types in editors", differing_names(project));

  project.write("program.ts", first_example());
  project.write("program.cts", COMMONJS);
  project.write("checkpoint.ts", CHECKPOINT);
  project.write("checkpoint_required.cts", CHECKPOINT);
  const modules = ["program.ts", "checkpoint.ts"];
  project.compile("node16", "node16", [...modules, "program.cts", "checkpoint_required.cts"]);
  project.compile("esnext", "bundler", modules);
  console.log("types under node16, its CommonJS and bundler: ok");

  // jax-js wants a navigator, which Node.js 20 has not.
  project.write("tensorflow.ts", TENSORFLOW);
  project.write("jax.ts", JAX);
  project.write("navigator.js", "globalThis.navigator ??= {};");
  project.write("frameworks.cts", FRAMEWORKS_REQUIRED);
  // What the frameworks' own types declare is not all in line with TypeScript's.
  const lenient = ["--skipLibCheck"];
  project.compile("esnext", "bundler", ["tensorflow.ts", "jax.ts"], lenient);
  project.compile("node16", "node16", ["frameworks.cts"], lenient);
  for (const program of ["tensorflow.js", "jax.js", "frameworks.cjs"]) {
    const printed = project.run(process.execPath, ["--import", "./navigator.js", program]);
    console.log(`${program}: ${printed.trim()}`);
  }

  console.log(`page in Chromium: ${await open_page(project)}`);
  run_everywhere();
} finally {
  for (const { folder } of [project, tools]) rmSync(folder, { recursive: true, force: true });
}
