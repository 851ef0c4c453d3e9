import { to_typescript } from "torch-optim/lr_scheduler";
import { problemsOf, resolvedSpec } from "../studio/plan.ts";
import { parseTypeScript } from "./parse_typescript.ts";
import { mistakenBy, type PlanText } from "./plan_text.ts";

/** A plan as the program of this library that builds it, in numbers of steps. */
export const TYPESCRIPT: PlanText = {
  write: (plan) => to_typescript(resolvedSpec(plan)),
  read(text, plan) {
    const { spec, locate } = parseTypeScript(text);
    const next = { ...plan, spec };
    const problems = problemsOf(next);
    if (problems.length > 0) throw mistakenBy(problems, locate);
    return next;
  },
};
