import { PRESETS, parse_spec } from "torch-optim/lr_scheduler";
import { EXAMPLES } from "../reference/examples.ts";
import type { Plan } from "../studio/plan.ts";

/** A schedule that one can begin with. */
export interface Ready {
  readonly name: string;
  readonly about: string;
  readonly source?: string;
  readonly plan: Plan;
}

/** The schedules of known systems; their values are factors of the groups' own. */
export function presets(lr: number): Ready[] {
  return Object.entries(PRESETS).map(([name, { about, source, spec }]) => {
    const parsed = parse_spec(spec);
    return { name, about, source, plan: { spec: parsed, lr: parsed.type === "Recipe" ? 1 : lr } };
  });
}

/** The schedules of the gallery, one for each scheduler. */
export function gallery(): Ready[] {
  return [...EXAMPLES].map(([name, { spec, lr, epochs }]) => ({
    name,
    about: "",
    plan: { spec, lr, ...(epochs === undefined ? {} : { total: epochs }) },
  }));
}
