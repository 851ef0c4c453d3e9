import type { Scheduler } from "./lr_scheduler.ts";
import { PythonError } from "./python_error.ts";

/** Why a composite fails with such a scheduler in it. */
export const NO_METRIC =
  "PyTorch's composites pass no metric on, so this GreedyLR fails as soon as it is to move. " +
  "Here it takes the metric of the step that it is in force for.";

/** `ReduceLROnPlateau`, as far as a composite meets it: it is refused. */
export class ReduceLROnPlateau implements Scheduler {
  step(): void {}
  initialStep(): void {}
  begin(): void {}
  undo(): void {}
}

/** `GreedyLR` of `transformers`, which is none of PyTorch's schedulers and has their methods not. */
export class GreedyLR implements Scheduler {
  step(): void {
    throw new PythonError("TypeError", "GreedyLR is stepped without a metric", NO_METRIC);
  }

  initialStep(): void {
    throw new PythonError("AttributeError", "GreedyLR has no initial step", NO_METRIC);
  }

  begin(): void {
    throw new PythonError("AttributeError", "GreedyLR cannot begin as a phase", NO_METRIC);
  }

  undo(): void {}
}
