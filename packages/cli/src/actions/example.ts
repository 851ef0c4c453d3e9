import { EXAMPLES } from "../examples.ts";
import { mustBeKnown } from "../nearest.ts";
import { alignColumns } from "../terminal/columns.ts";

export function runExample(name: string | undefined): void {
  if (name === undefined) {
    const rows = Object.entries(EXAMPLES).map(([key, { about }]) => [key, about]);
    console.log(alignColumns(["name", "schedule"], rows));
  } else {
    mustBeKnown("example", name, Object.keys(EXAMPLES), "torch-optim example");
    console.log(JSON.stringify(EXAMPLES[name].spec, null, 2));
  }
}
