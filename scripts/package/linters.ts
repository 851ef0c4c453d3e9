import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** Where types are found otherwise than is asked for, on purpose. */
const DELIBERATE: readonly ((problem: Problem) => boolean)[] = [
  // Resolution as in Node.js 10 knows no subpaths, and TypeScript has given it up; the root works.
  (problem) => problem.kind === "NoResolution" && problem.resolutionKind === "node10",
  // A file for browsers: there is nothing in them that requires.
  (problem) => problem.kind === "CJSResolvesToESM" && problem.entrypoint === "./torch-optim.min.js",
  // A file for Python.
  (problem) => problem.kind === "NoResolution" && problem.entrypoint === "./python/torch_optim.py",
];

/** What publint and "Are the types wrong?" say against a packed package. */
export async function lint(tarball: string): Promise<string[]> {
  const data = new Uint8Array(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, strict: true });
  const analysis = await checkPackage(createPackageFromTarballData(data));
  const problems = analysis.types ? analysis.problems : [];
  return [
    ...messages.map((message) => formatMessage(message, pkg) ?? message.code),
    ...problems
      .filter((problem) => !DELIBERATE.some((is_meant) => is_meant(problem)))
      .map((problem) => `${problemKindInfo[problem.kind].title}: ${JSON.stringify(problem)}`),
  ];
}
