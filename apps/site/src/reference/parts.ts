import type { SchedulerSpec, Spec } from "torch-optim/lr_scheduler";
import { childPath } from "../compose/tree.ts";
import { type Control, controlsOf } from "./controls.ts";

/** A scheduler of a spec, and what moves its own options. */
export interface Part {
  /** Where it stands, as in `check_spec`; of the whole spec, "". */
  readonly path: string;
  /** Where it stands, in words. */
  readonly title: string;
  readonly spec: SchedulerSpec;
  readonly controls: readonly Control[];
}

/** All schedulers of a spec, those inside others behind them. */
export function partsOf(spec: Spec): Part[] {
  return spec.type === "Recipe" ? [] : partsIn(spec, "", []);
}

function partsIn(spec: SchedulerSpec, path: string, phases: readonly number[]): Part[] {
  const phase = phases.length > 0 ? `phase ${phases.join(".")}, ` : "";
  const own = { path, title: `${phase}${spec.type}`, spec, controls: controlsOf(spec) };
  const isSequence = spec.type === "SequentialLR";
  const inside = membersOf(spec).flatMap((child, i) =>
    partsIn(child, childPath(path, i), isSequence ? [...phases, i] : phases),
  );
  return [own, ...inside];
}

/** What a composite is made of. */
export function membersOf(spec: Spec): readonly SchedulerSpec[] {
  return spec.type === "SequentialLR" || spec.type === "ChainedScheduler" ? spec.schedulers : [];
}
