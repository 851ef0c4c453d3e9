import { type Spec, to_python, to_typescript } from "torch-optim/lr_scheduler";
import type { ConvertArguments } from "../commands/convert.ts";
import { readSpec } from "../spec_source.ts";

const WRITERS = {
  python: to_python,
  typescript: to_typescript,
  json: (spec: Spec) => JSON.stringify(spec, null, 2),
};

export async function runConvert(spec: string, { to }: ConvertArguments): Promise<void> {
  console.log(WRITERS[to]((await readSpec(spec)).spec).trimEnd());
}
