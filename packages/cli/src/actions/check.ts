import type { LengthArguments } from "../options.ts";
import { printableLines } from "../printable.ts";
import { Refusal } from "../refusal.ts";
import { readSpec } from "../spec_source.ts";

export async function runCheck(specs: readonly string[], lengths: LengthArguments): Promise<void> {
  for (const spec of specs) {
    try {
      const { name } = await readSpec(spec, lengths);
      console.log(`${name}: ok`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      console.log(printableLines(error.message));
      process.exitCode = 1;
    }
  }
}
