import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { OTHER } from "../support/backends.ts";
import { BY_NAME } from "../support/drawn.ts";
import { level } from "../support/level.ts";

describe.each(["cpu", "wasm", OTHER])("on the backend %s", (backend) => {
  test.each(BY_NAME)("1,000 steps of %s leave the number of tensors level", async (_, drawn) => {
    await tf.setBackend(backend);
    expect(await level(drawn, 1000)).toEqual({ after: 0, disposed: 0 });
  });
});
