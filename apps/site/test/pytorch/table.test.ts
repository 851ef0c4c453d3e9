import { describe_schedulers, parse_spec } from "torch-optim/lr_scheduler";
import { expect, test } from "vitest";
import { insteadOf } from "../../src/pytorch/instead.ts";
import { examplesWherePyTorchDiffers } from "../../src/pytorch/table.ts";

test("every class with an example is one of the library's, and PyTorch does something else there", () => {
  const types = describe_schedulers().map(({ type }) => type);
  for (const [type, examples] of Object.entries(examplesWherePyTorchDiffers)) {
    expect(types).toContain(type);
    for (const { spec, lr, epochs } of examples) {
      const parsed = parse_spec(spec);
      expect(JSON.stringify(parsed)).toContain(type);
      const instead = insteadOf(parsed, { lr, epochs });
      expect(instead?.reason, spec).toMatch(/PyTorch/);
    }
  }
});
