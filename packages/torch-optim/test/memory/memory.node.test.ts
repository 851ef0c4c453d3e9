import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";

const INDEX = new URL("../../src/index.ts", import.meta.url).href;

/** Runs a program in a Node.js of its own, with `torch`, `collect` and `resident` at hand. */
function run(program: string): number[] {
  const source = `
    const torch = await import(${JSON.stringify(INDEX)});
    // Twice, with pauses: a registry's callbacks run between collections.
    const collect = async () => {
      for (let k = 0; k < 3; k++) {
        globalThis.gc();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const megabytes = async () => {
      await collect();
      return process.memoryUsage().rss / 1e6;
    };
    const train = (optimizer, params, steps) => {
      for (let step = 0; step < steps; step++) {
        for (const param of params) param.grad ??= new Float32Array(param.data.length).fill(0.1);
        optimizer.step();
      }
    };
    ${program}`;
  const args = ["--expose-gc", "--import", "tsx", "--input-type=module", "--eval", source];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

describe("memory", () => {
  test("holds values, gradient and state, and little else", () => {
    const [before, after] = run(`
      const small = [new torch.Parameter(new Float32Array(8))];
      train(new torch.optim.AdamW(small), small, 2);
      const before = await megabytes();
      const params = [new torch.Parameter(new Float32Array(9e6))];
      train(new torch.optim.AdamW(params), params, 2);
      console.log(JSON.stringify([before, await megabytes()]));`);
    // 9 million numbers of 4 bytes: values, gradient and two moments are 144 MB.
    expect(after - before).toBeGreaterThan(135);
    expect(after - before).toBeLessThan(160);
  });

  test("comes back when the parameters that share it are unreachable", () => {
    const [first, last] = run(`
      const rounds = [];
      for (let round = 0; round < 12; round++) {
        const params = Array.from({ length: 20 }, () => new torch.Parameter(new Float32Array(1e5)));
        train(new torch.optim.Adam(params), params, 2);
        params.push(new torch.Parameter(new Float32Array(4e6)));
        train(new torch.optim.Adam(params), params, 1);
        rounds.push(await megabytes());
      }
      console.log(JSON.stringify([rounds[1], rounds.at(-1)]));`);
    // A round takes 128 MB; what they share holds that of a few, until it goes as a whole.
    expect(last - first).toBeLessThan(200);
  });

  test("of one optimizer's state is used again by the next", () => {
    const [first, last] = run(`
      const params = [new torch.Parameter(new Float32Array(4e6))];
      const rounds = [];
      for (let round = 0; round < 12; round++) {
        train(new torch.optim.Adam(params), params, 1);
        rounds.push(await megabytes());
      }
      console.log(JSON.stringify([rounds[2], rounds.at(-1)]));`);
    // The moments of one of them are 32 MB.
    expect(last - first).toBeLessThan(20);
  });

  test("a parameter that fills its room goes on outside of it", () => {
    const values = run(`
      const param = new torch.Parameter(new Float32Array([1, 2, 3]));
      const optimizers = Array.from({ length: 10 }, () => new torch.optim.Adam([param], { lr: 1 }));
      for (const optimizer of optimizers) train(optimizer, [param], 1);
      console.log(JSON.stringify([...param.data]));`);
    expect(values.map((x) => Math.round(x * 1e4) / 1e4)).toEqual([-9, -8, -7]);
  });

  test("is taken by no step", () => {
    const [growth] = run(`
      const params = Array.from({ length: 4 }, () => new torch.Parameter(new Float32Array(10)));
      const optimizer = new torch.optim.AdamW(params);
      train(optimizer, params, 1e5);
      globalThis.gc();
      const before = process.memoryUsage().heapUsed;
      train(optimizer, params, 1e6);
      const growth = process.memoryUsage().heapUsed - before;
      console.log(JSON.stringify([growth]));`);
    // A million steps, each with four parameters, and no collection in between.
    expect(growth).toBeLessThan(1e6);
  });
});
