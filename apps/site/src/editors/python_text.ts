import { to_python } from "torch-optim/lr_scheduler";
import { parseSnippet } from "../pytorch/snippet/parse_snippet.ts";
import { problemsOf, resolvedSpec } from "../studio/plan.ts";
import { Mistaken, mistakenBy, type PlanText } from "./plan_text.ts";

/** What the library writes where a phase begins in the middle of its curve. */
const NO_STARTS = "it has no starts";

/** A plan as PyTorch builds it, in numbers of steps. */
export const PYTHON: PlanText = {
  write: (plan) => to_python(resolvedSpec(plan)),
  read(text, plan) {
    const at = text.indexOf(NO_STARTS);
    if (at >= 0) {
      const message =
        "PyTorch cannot say where in its curve a phase begins: edit another form, or drop this line to drop that";
      throw new Mistaken([{ from: at, to: at + NO_STARTS.length, message }]);
    }
    const { spec, lr = plan.lr, locate } = parseSnippet(text);
    const next = { ...plan, spec, lr };
    const problems = problemsOf(next);
    if (problems.length > 0) throw mistakenBy(problems, locate);
    return next;
  },
};
