import { join } from "node:path";
import { expect, test } from "vitest";
import { find_chromium } from "../../../../scripts/chromium.ts";
import { trainInPage } from "../../../digits/test/support/page.ts";
import { EPOCHS } from "../../src/train.ts";

test.runIf(await find_chromium())("digits are recognised in a page", async () => {
  const { said, rows, errors } = await trainInPage(join(import.meta.dirname, "../.."));
  expect(said).toBe(`Trained for ${EPOCHS} epochs.`);
  expect(rows.at(-1)?.slice(0, 2)).toEqual(["1", "0.00100"]);
  expect(Number.parseFloat(rows[0][2])).toBeGreaterThan(95);
  expect(errors).toEqual([]);
});
