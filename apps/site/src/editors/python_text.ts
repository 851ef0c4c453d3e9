import { to_python } from "torch-optim/lr_scheduler";
import { parseSnippet } from "../pytorch/snippet/parse_snippet.ts";
import { problemsOf, resolvedSpec } from "../studio/plan.ts";
import { mistakenBy, type PlanText } from "./plan_text.ts";

/** A plan as PyTorch builds it, in numbers of steps. */
export const PYTHON: PlanText = {
  write: (plan) => to_python(resolvedSpec(plan)),
  read(text, plan) {
    const { spec, lr = plan.lr, locate } = parseSnippet(text);
    const next = { ...plan, spec, lr };
    const problems = problemsOf(next);
    if (problems.length > 0) throw mistakenBy(problems, locate);
    return next;
  },
};
