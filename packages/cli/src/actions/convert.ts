import { type Spec, stretch_spec, to_python, to_typescript } from "torch-optim/lr_scheduler";
import type { ConvertArguments } from "../commands/convert.ts";
import { Refusal } from "../refusal.ts";
import { readSpec } from "../spec_source.ts";

const WRITERS = {
  python: to_python,
  typescript: to_typescript,
  json: (spec: Spec) => JSON.stringify(spec, null, 2),
};

export async function runConvert(argument: string, options: ConvertArguments): Promise<void> {
  console.log(WRITERS[options.to](await readAtLength(argument, options)).trimEnd());
}

/** A spec with its shares resolved, or stretched to the total if it has none. */
async function readAtLength(argument: string, options: ConvertArguments): Promise<Spec> {
  const { name, spec, hasShares } = await readSpec(argument, options);
  if (options.total === undefined || hasShares) return spec;
  try {
    return stretch_spec(spec, { total: options.total });
  } catch (error) {
    throw new Refusal(`${name}: ${(error as Error).message}`);
  }
}
