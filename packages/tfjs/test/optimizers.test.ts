import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { OTHER } from "./support/backends.ts";
import { DRAWN, difference, end, start, step } from "./support/drawn.ts";

/** What each may differ by; the products of Muon are TensorFlow's. */
const TOLERANCE: Readonly<Record<string, number>> = { Muon: 5e-3 };

afterAll(() => tf.setBackend("cpu"));

describe.each(["cpu", "wasm", OTHER])("on the backend %s", (backend) => {
  for (const { name, Class, cases } of DRAWN) {
    test(`${name} gives PyTorch's parameters in ${cases.length} cases, and leaves no tensors`, async () => {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      const tolerance = backend === OTHER ? (TOLERANCE[name] ?? 2e-6) : 2e-6;
      for (const each of cases) {
        const run = start(Class, each);
        let done = 0;
        for (const [to, wanted] of Object.entries(each.after)) {
          for (; done < Number(to); done++) step(run, each, done);
          expect(await difference(run, wanted), JSON.stringify(each.options)).toBeLessThan(
            tolerance,
          );
        }
        end(run);
      }
      expect(tf.memory().numTensors).toBe(before);
    });

    test(`${name} takes up PyTorch's state, and gives one like it`, async () => {
      await tf.setBackend(backend);
      for (const each of cases) {
        const run = start(Class, each);
        run.optimizer.load_state_dict(each.state, run.variables);
        const { state } = await run.optimizer.state_dict();
        for (const [index, entries] of Object.entries(each.state.state)) {
          for (const [key, entry] of Object.entries(entries)) {
            const numbers = [entry].flat().map(Number);
            const found = [state[Number(index)][key]].flat().map(Number);
            expect(found).toEqual(numbers.map((x) => expect.closeTo(x, 5)));
          }
        }
        end(run);
      }
    });
  }
});
