import { describe, expect, test } from "vitest";
import { read_kernels } from "../../compiler/read_kernels.ts";
import { write_wasm } from "../../compiler/write_wasm.ts";

type Kernel = (n: number, ...rest: number[]) => number | undefined;

/** Compiles kernels; gives them with a memory whose first arrays hold the rows. */
function compile(text: string, rows: readonly (readonly number[])[]) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const module = new WebAssembly.Module(write_wasm(read_kernels("test.ts", text)).slice());
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const arrays = rows.map((row, i) => {
    const array = new Float32Array(memory.buffer, i * 256, row.length);
    array.set(row);
    return array;
  });
  return { kernels: exports as Record<string, Kernel>, arrays };
}

/** Runs `out[i] = expression` of x and y, over so many elements that none of the loops is left out. */
function evaluate(expression: string, x: number, y: number, a = 0, flag = false): number {
  const text = `export function f(n: number, out: Numbers, x: Numbers, y: Numbers, a: number, flag: boolean): void {
    for (let i = 0; i < n; i++) { out[i] = ${expression}; }
  }`;
  const n = 23;
  const rows = [0, x, y].map((value) => new Array<number>(n).fill(value));
  const { kernels, arrays } = compile(text, rows);
  kernels.f(n, 0, 256, 512, a, Number(flag));
  expect(new Set(arrays[0]).size).toBe(1);
  return arrays[0][0];
}

const VALUES = [0, -0, 1, -1.5, 3, 1e30, Infinity, -Infinity, Number.NaN];

describe("the kernels' compiler", () => {
  test.each<[string, (x: number, y: number) => number]>([
    ["x[i] + y[i]", (x, y) => x + y],
    ["x[i] - y[i]", (x, y) => x - y],
    ["x[i] * y[i]", (x, y) => x * y],
    ["x[i] / y[i]", (x, y) => x / y],
    ["-x[i]", (x) => -x],
    ["Math.sqrt(x[i])", (x) => Math.sqrt(x)],
    ["Math.abs(x[i])", (x) => Math.abs(x)],
    ["Math.max(x[i], y[i])", (x, y) => Math.max(x, y)],
    ["Math.min(x[i], y[i])", (x, y) => Math.min(x, y)],
    ["x[i] < y[i] ? x[i] : 7", (x, y) => (x < y ? x : 7)],
    ["x[i] <= y[i] ? x[i] : 7", (x, y) => (x <= y ? x : 7)],
    ["x[i] > y[i] ? x[i] : 7", (x, y) => (x > y ? x : 7)],
    ["x[i] >= y[i] ? x[i] : 7", (x, y) => (x >= y ? x : 7)],
    ["x[i] === y[i] ? x[i] : 7", (x, y) => (x === y ? x : 7)],
    ["x[i] !== y[i] ? x[i] : 7", (x, y) => (x !== y ? x : 7)],
    ["x[i] > 0 && !(y[i] > 0) ? 1 : 2", (x, y) => (x > 0 && !(y > 0) ? 1 : 2)],
    ["x[i] > 0 || y[i] > 0 ? 1 : 2", (x, y) => (x > 0 || y > 0 ? 1 : 2)],
  ])("computes %s as JavaScript does, in float32", (expression, expected) => {
    for (const x of VALUES.map(Math.fround)) {
      for (const y of VALUES.map(Math.fround)) {
        const got = evaluate(expression, x, y);
        expect(got, `x ${x}, y ${y}`).toBe(Math.fround(expected(x, y)));
      }
    }
  });

  test("computes what is the same for all elements once, in float64", () => {
    // In float32, 1 + 1e-9 is 1.
    expect(evaluate("x[i] * ((1 + a) - 1)", 1, 0, 1e-9)).toBe(Math.fround(1 + 1e-9 - 1));
  });

  test("lets a kernel choose its names", () => {
    const text = `export function f(n: number, x: Numbers, low: number): number {
      const high = low + 1;
      let gathered = 0;
      for (let i = 0; i < n; i++) { const end = x[i] * high; x[i] = end; gathered += end; }
      return gathered;
    }`;
    const { kernels, arrays } = compile(text, [new Array<number>(11).fill(2)]);
    expect(kernels.f(11, 0, 4)).toBe(110);
    expect([...arrays[0]]).toEqual(new Array<number>(11).fill(10));
  });

  test("takes flags out of the loop", () => {
    for (const flag of [false, true]) {
      expect(evaluate("flag ? x[i] : a === 0 ? y[i] : 5", 1, 2, 0, flag)).toBe(flag ? 1 : 2);
      expect(evaluate("flag ? x[i] : a === 0 ? y[i] : 5", 1, 2, 3, flag)).toBe(flag ? 1 : 5);
    }
  });

  test.each(Array.from({ length: 20 }, (_, n) => n))("touches %i elements and no more", (n) => {
    const text = `export function f(n: number, x: Numbers): void {
      for (let i = 0; i < n; i++) { const y = x[i] + 1; x[i] = y * 2; }
    }`;
    const row = Array.from({ length: 30 }, (_, i) => i);
    const { kernels, arrays } = compile(text, [row]);
    kernels.f(n, 0);
    expect([...arrays[0]]).toEqual(row.map((x, i) => (i < n ? 2 * (x + 1) : x)));
  });

  test.each(Array.from({ length: 20 }, (_, n) => n))("gathers %i elements", (n) => {
    const text = `export function total(n: number, x: Numbers): number {
      let sum = 0.5;
      for (let i = 0; i < n; i++) { sum += x[i]; }
      return sum;
    }
    export function top(n: number, x: Numbers): number {
      let largest = 0;
      for (let i = 0; i < n; i++) { largest = Math.max(largest, Math.abs(x[i])); }
      return largest;
    }`;
    const row = Array.from({ length: 30 }, (_, i) => (i % 2 ? -i : i));
    const { kernels } = compile(text, [row]);
    expect(kernels.total(n, 0)).toBe(row.slice(0, n).reduce((sum, x) => sum + x, 0.5));
    expect(kernels.top(n, 0)).toBe(Math.max(0, n - 1));
  });

  test("keeps sums in float64", () => {
    const text = `export function f(n: number, x: Numbers): number {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[i];
      return sum;
    }`;
    const row = [2 ** 24, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    expect(compile(text, [row]).kernels.f(row.length, 0)).toBe(2 ** 24 + 12);
  });

  const BODIES: readonly [string, string][] = [
    ["for (let i = 0; i < n; i++) x[i] = Math.pow(x[i], 2);", "test.ts:1:79: a kernel has one of"],
    ["for (let i = 0; i < n; i++) x[i + 1] = 0;", "test.ts:1:74: a kernel has i here, got i + 1"],
    ["for (let i = 1; i < n; i++) x[i] = 0;", "a kernel has for (let i = 0; i < n; i++) here"],
    ["for (let i = 0; i < n; i++) { let y = 1; x[i] = y; }", "a kernel has const here, got let y"],
    ["let s = 0; for (let i = 0; i < n; i++) s += x[i];", "a kernel has return s here"],
    ["for (let i = 0; i < n; i++) if (x[i] > 0) x[i] = 0;", "f: if must be uniform"],
    ["for (let i = 0; i < n; i++) x[i] = y;", "f: y is not known here"],
    [
      "const y = 1; for (let i = 0; i < n; i++) { const y = x[i]; x[i] = y; }",
      "y must have one meaning",
    ],
    ["x.fill(0);", "a kernel has one loop here"],
  ];

  test.each(BODIES)("refuses %s, and says where", (body, message) => {
    const text = `export function f(n: number, x: Numbers) { ${body} }`;
    expect(() => write_wasm(read_kernels("test.ts", text))).toThrow(message);
  });
});
