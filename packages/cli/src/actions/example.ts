import { PRESETS, parse_spec } from "torch-optim/lr_scheduler";
import { EXAMPLES } from "../examples.ts";
import { mustBeKnown } from "../nearest.ts";
import { alignColumns } from "../terminal/columns.ts";

export function runExample(name: string | undefined): void {
  if (name === undefined) {
    const rows = Object.entries(EXAMPLES).map(([key, { about }]) => [key, about]);
    console.log(alignColumns(["name", "schedule"], rows));
    console.log("\nThose of known systems: torch-optim list --presets");
  } else {
    const names = [...Object.keys(EXAMPLES), ...Object.keys(PRESETS)];
    mustBeKnown("example", name, names, "torch-optim example");
    const spec = Object.hasOwn(EXAMPLES, name)
      ? EXAMPLES[name].spec
      : parse_spec(PRESETS[name].spec);
    console.log(JSON.stringify(spec, null, 2));
  }
}
