// Goes on from the states that Python had halfway, and compares with what this library did without a break.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { from_spec, parse_spec, type Spec } from "torch-optim/lr_scheduler";
import { load_pt } from "torch-optim-checkpoint";
import type { SchedulableGroup } from "../packages/torch-optim/src/optim/param_group.ts";

type Values = Record<string, number>;

interface Case {
  readonly groups: readonly (SchedulableGroup & { weight_decay?: number })[];
  readonly spec: Spec | string;
  readonly total?: number;
  readonly steps_per_epoch?: number;
  readonly hand_set: Record<string, Record<string, number>>;
  readonly course: readonly (readonly Values[])[];
  readonly epoch: number;
  readonly state: object;
  /** A `.pt` file with the same state, for some. */
  readonly file: string;
}

const { metrics, steps, cases } = JSON.parse(readFileSync(process.argv[2], "utf8")) as {
  metrics: number[];
  steps: number;
  cases: Case[];
};

// That a state puts options back is meant.
console.warn = () => undefined;

/** The largest difference of a run that goes on from a state, as a share of the largest value. */
function difference({
  groups,
  spec,
  total,
  steps_per_epoch,
  hand_set,
  course,
  epoch,
  state,
}: Case) {
  const param_groups = structuredClone(groups) as Case["groups"][number][];
  const lengths = { total, steps_per_epoch };
  const read = typeof spec === "string" ? (parse_spec(spec, lengths) as Spec) : spec;
  const scheduled = from_spec({ param_groups }, read);
  scheduled.load_state_dict(state);
  let worst = 0;
  for (let step = epoch; step < steps; step++) {
    for (const [g, lr] of Object.entries(hand_set[step] ?? {})) param_groups[Number(g)].lr = lr;
    if (scheduled.takes_metrics) scheduled.step(metrics[step]);
    else scheduled.step();
    for (const [g, group] of param_groups.entries()) {
      const largest = Math.max(...course.map((row) => Math.abs(row[g].lr))) || 1;
      worst = Math.max(worst, Math.abs(group.lr - course[step + 1][g].lr) / largest);
    }
  }
  return worst;
}

let worst = 0;
let failures = 0;
let files = 0;
for (const each of cases) {
  try {
    const file = join(dirname(process.argv[2]), each.file);
    const states = [each.state];
    if (existsSync(file)) states.push(load_pt(readFileSync(file)).scheduler);
    files += states.length - 1;
    const found = Math.max(...states.map((state) => difference({ ...each, state })));
    worst = Math.max(worst, found);
    if (found <= 1e-12) continue;
    console.log(`differs by ${found}:`, JSON.stringify(each.spec));
  } catch (error) {
    console.log((error as Error).message, JSON.stringify(each.spec));
  }
  failures += 1;
}
console.log(
  `states of Python's that TypeScript goes on from: ${cases.length}, and ${files} of its .pt files`,
);
console.log(`  at most ${worst.toExponential(1)} of the largest value, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;
