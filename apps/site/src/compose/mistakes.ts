import type { SpecProblem } from "torch-optim/lr_scheduler";
import type { Block } from "./layout.ts";

/** What is wrong, by the path of the innermost block that it is in. */
export function mistakesOf(
  problems: readonly SpecProblem[],
  blocks: readonly Block[],
): ReadonlyMap<string, readonly SpecProblem[]> {
  const found = new Map<string, SpecProblem[]>();
  for (const problem of problems) {
    const inside = blocks.filter(({ path }) => isIn(problem.path, path));
    const at = (inside.at(-1) ?? blocks[0]).path;
    found.set(at, [...(found.get(at) ?? []), problem]);
  }
  return found;
}

/** Those of a block's mistakes that are about one of its options. */
export function about(
  problems: readonly SpecProblem[],
  path: string,
  option: string,
): readonly SpecProblem[] {
  return problems.filter((problem) => isIn(problem.path, `${path}${path && "."}${option}`));
}

/** Whether something is at a path or inside of what is there. */
function isIn(problem: string, path: string): boolean {
  // A recipe's entry holds no more than the schedule and what it moves.
  const entry = path.replace(/^(schedules\[\d+\])\.schedule$/, "$1");
  if (entry === "") return true;
  return problem.startsWith(entry) && /^(?:$|[.[])/.test(problem.slice(entry.length));
}
