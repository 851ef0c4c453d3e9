import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The lrs that a program gives which was taken out of the studio, run as it is. */
export async function lrsOf(code: string, lr: number, epochs: number): Promise<number[]> {
  const build = await builderIn(code);
  const optimizer = { param_groups: [{ lr }] };
  const scheduler = build(optimizer);
  return Array.from({ length: epochs }, () => {
    const now = optimizer.param_groups[0].lr;
    scheduler.step();
    return now;
  });
}

/** The program as a function of the optimizer that it speaks of. */
async function builderIn(code: string): Promise<(optimizer: object) => { step(): void }> {
  // Beside the tests, where the library is found.
  const folder = mkdtempSync(join(import.meta.dirname, "taken-"));
  try {
    const file = join(folder, "schedule.js");
    const [imports = ""] = code.match(/^import \{[^}]*\} from .*;$/m) ?? [];
    const body = code.replace(imports, "");
    writeFileSync(
      file,
      `${imports}\nexport function build(optimizer) {${body}\nreturn scheduler;\n}`,
    );
    const { build } = await import(file);
    return build;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
