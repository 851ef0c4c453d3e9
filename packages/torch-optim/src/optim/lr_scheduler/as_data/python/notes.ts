import type { SoundSpec } from "../check_spec.ts";
import { end_of_product, loses_factors } from "./chains.ts";
import { has_factor, is_composite, is_of_this_library } from "./factors.ts";

/** What a scheduler is to the one that it stands in. */
export type Role = "first phase" | "later phase" | "member of a chain" | "only scheduler";

/** Why a scheduler had better be a function of the epoch, where it can be one, as a comment. */
export function reason_for_function(spec: SoundSpec, role: Role): string | undefined {
  const { type, start_factor } = spec;
  if (is_of_this_library(type)) return `# PyTorch has no ${type}.`;
  if (type === "LinearLR" && start_factor === 0)
    return "# PyTorch's LinearLR refuses to start at 0.";
  if (!is_composite(type) || !has_factor(spec)) return undefined;
  if (has_starts(spec)) return "# PyTorch's SequentialLR has no starts.";
  if (loses_factors(spec)) return "# PyTorch's ChainedScheduler would lose factors of these.";
  if (!role.endsWith("phase")) return undefined;
  return "# PyTorch's SequentialLR goes wrong with a composite as a phase.";
}

/** Where PyTorch 2.14 leaves what a spec says, as comments. */
export function notes_on(spec: SoundSpec, role: Role): string[] {
  const notes = [...notes_on_children(spec, role), ...notes_on_itself(spec, role)];
  return notes.map((note) => `# PyTorch differs: ${note}`);
}

function notes_on_children(spec: SoundSpec, role: Role): string[] {
  const { type, schedulers = [] } = spec;
  const notes: string[] = [];
  const has = (...types: string[]) => schedulers.some((child) => types.includes(child.type));
  for (const type of ["ReduceLROnPlateau", "GreedyLR"].filter((type) => has(type))) {
    notes.push(`it passes no metric on to a ${type} inside another scheduler.`);
  }
  if (schedulers.length > 1 && has("CyclicLR", "OneCycleLR")) {
    notes.push("CyclicLR and OneCycleLR change the base lr and momentum of their neighbours.");
  }
  const has_composite = schedulers.some((child) => is_composite(child.type) && !has_factor(child));
  if (type === "SequentialLR" && has_composite) {
    notes.push("a composite as the first phase ends a step early, as a later one it fails.");
  }
  if (role === "only scheduler" && lrs_of_swa(spec).size > 1) {
    notes.push("all SWALR of an optimizer anneal to the lr of the one that was built last.");
  }
  if (loses_factors(spec) && role !== "member of a chain") {
    notes.push("it cannot multiply the factors of these: some have a curve of their own.");
  }
  return notes;
}

/** The lrs, as text, that a scheduler and all inside it anneal to for weight averaging. */
function lrs_of_swa({ type, swa_lr, schedulers = [] }: SoundSpec): Set<string> {
  const inside = schedulers.flatMap((child) => [...lrs_of_swa(child)]);
  return new Set(type === "SWALR" ? [JSON.stringify(swa_lr)] : inside);
}

/** Whether a phase begins in the middle of its own curve. */
function has_starts({ starts }: SoundSpec): boolean {
  return starts?.some((start) => start > 0) ?? false;
}

function notes_on_itself(spec: SoundSpec, role: Role): string[] {
  const { type, total_iters, factor, eta_min, num_warmup_steps, num_training_steps } = spec;
  const notes: string[] = [];
  if (has_starts(spec)) notes.push("it has no starts: every phase begins at its own epoch 0.");
  if (total_iters === 0 && (type === "LinearLR" || type === "ConstantLR")) {
    if (role !== "later phase") notes.push("with total_iters=0 the first factor stays in force.");
    else if (type === "LinearLR") {
      notes.push("with total_iters=0 it raises ZeroDivisionError where its phase begins.");
    }
  }
  if (type === "ConstantLR" && factor === 0) {
    notes.push("with factor=0 it divides by zero where the factor ends.");
  }
  if (Array.isArray(eta_min)) notes.push("it takes one eta_min for all parameter groups.");
  if (type === "PolynomialDecayScheduleWithWarmup" && num_warmup_steps === num_training_steps) {
    notes.push("without an epoch after the warm-up it divides by zero where that ends.");
  }
  return notes;
}

/** Where the product of a chain's factors leaves what a spec says, as comments. */
export function notes_on_product(chain: SoundSpec, length: number): string[] {
  const end = end_of_product(chain, length);
  if (end === undefined) return [];
  return [`# This differs: from its epoch ${end} on, the factors beside the cosine begin anew.`];
}
