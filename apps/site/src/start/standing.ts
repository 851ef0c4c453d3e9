import { from_spec, groups_of_spec } from "torch-optim/lr_scheduler";
import { type Plan, problemsOf, resolvedSpec } from "../studio/plan.ts";

/** Where a run stands whose state was opened. */
export interface Standing {
  /** The file's name. */
  readonly name: string;
  readonly epoch: number;
}

/** What a file with a state says. */
export interface OpenedState {
  readonly epoch: number;
  /** The plan under which the run was made, if the file holds it. */
  readonly plan?: Plan;
  /** Why the state is not that of the plan that was there; undefined if it is. */
  readonly otherwise?: string;
}

/** A file holds no state of a scheduler. */
export class StateError extends Error {
  override readonly name = "StateError";
}

/** A larger file is no state in JSON that a page should read. */
export const LARGEST_STATE = 256_000_000;

interface State {
  readonly last_epoch: number;
}

type Data = Readonly<Record<string, unknown>>;

/**
 * Reads the state of a scheduler: alone, in what Python's `dump` wrote, in a checkpoint of the digits, or
 * beside others in a checkpoint of a user's own.
 *
 * @throws StateError if there is none.
 */
export function openState(text: string, plan: Plan): OpenedState {
  const file = parse(text);
  const state = stateIn(file);
  if (!state) throw new StateError('The file holds no state of a scheduler: no "last_epoch".');
  const made = planIn(file);
  const otherwise = refusalOf(state, made ?? plan);
  return { epoch: state.last_epoch, ...(made && { plan: made }), ...(otherwise && { otherwise }) };
}

function parse(text: string): Data {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new StateError("The file is no JSON.");
  }
  if (!isData(data)) throw new StateError("The file holds no object.");
  return data;
}

/** The state of the scheduler in a file, however it is wrapped. */
function stateIn(file: Data): State | undefined {
  const inside = [file, ...["scheduler", "lr_scheduler", "checkpoint"].map((name) => file[name])];
  for (const each of inside) {
    if (!isData(each)) continue;
    if (Number.isSafeInteger(each.last_epoch)) return each as unknown as State;
    const deeper = each === file ? undefined : stateIn(each);
    if (deeper) return deeper;
  }
  return undefined;
}

/** The schedule that a checkpoint of the digits was made under, if it was a written one. */
function planIn({ checkpoint }: Data): Plan | undefined {
  const options = isData(checkpoint) ? checkpoint.options : undefined;
  if (!isData(options) || !isData(options.schedule)) return undefined;
  const { lr, epochs: total, schedule } = options;
  const plan = { spec: schedule, lr, total } as unknown as Plan;
  const isSound = typeof lr === "number" && lr > 0 && problemsOf(plan).length === 0;
  return isSound ? plan : undefined;
}

/** Why a plan's scheduler does not go on from a state. */
function refusalOf(state: State, plan: Plan): string | undefined {
  const spec = resolvedSpec(plan);
  const own = groups_of_spec(spec);
  const groups = spec.type === "Recipe" ? own : own.map((group) => ({ ...group, lr: plan.lr }));
  try {
    from_spec({ param_groups: groups }, spec).load_state_dict(state as never);
    return undefined;
  } catch (error) {
    return (error as Error).message.split("\n")[0];
  }
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
