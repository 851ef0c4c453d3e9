import { readFileSync } from "node:fs";
import {
  checkPackage,
  createPackageFromTarballData,
  type Problem,
  type ResolutionKind,
} from "@arethetypeswrong/core";
import { problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** What has no types there, on purpose. */
const DELIBERATE: readonly { entrypoint: string; from: readonly ResolutionKind[] }[] = [
  // A file for Python.
  {
    entrypoint: "./python/torch_optim.py",
    from: ["node10", "node16-cjs", "node16-esm", "bundler"],
  },
  // A file for browsers, in which nothing requires.
  { entrypoint: "./torch-optim.min.js", from: ["node10", "node16-cjs"] },
];

function is_deliberate(problem: Problem): boolean {
  return DELIBERATE.some(
    ({ entrypoint, from }) =>
      "entrypoint" in problem &&
      problem.entrypoint === entrypoint &&
      from.includes(problem.resolutionKind),
  );
}

/** What publint and "Are the types wrong?" say against a packed package. */
export async function lint(tarball: string): Promise<string[]> {
  const data = new Uint8Array(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, strict: true });
  const analysis = await checkPackage(createPackageFromTarballData(data));
  const problems = analysis.types ? analysis.problems : [];
  return [
    ...messages.map((message) => formatMessage(message, pkg) ?? message.code),
    ...problems
      .filter((problem) => !is_deliberate(problem))
      .map((problem) => `${problemKindInfo[problem.kind].title}: ${JSON.stringify(problem)}`),
  ];
}
