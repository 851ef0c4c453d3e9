import { describe, expect, test } from "vitest";
import type { Kernel } from "../../compiler/kernel.ts";
import { read_kernels } from "../../compiler/read_kernels.ts";
import { write_float32 } from "../../compiler/write_float32.ts";
import { write_wasm } from "../../compiler/write_wasm.ts";

type Rows = readonly (readonly number[])[];

/** What a kernel gives, and what its arrays hold after it. */
interface Outcome {
  readonly result: unknown;
  readonly arrays: number[][];
}

/** Runs a text's kernel in WebAssembly. */
function run_wasm([kernel]: Kernel[], n: number, rows: Rows, scalars: readonly number[]): Outcome {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const module = new WebAssembly.Module(write_wasm([kernel]).slice());
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const arrays = rows.map((row, i) => {
    const array = new Float32Array(memory.buffer, i * 256, row.length);
    array.set(row);
    return array;
  });
  const run = exports[kernel.name] as (...rest: number[]) => unknown;
  const result = run(n, ...arrays.map(({ byteOffset }) => byteOffset), ...scalars);
  return { result, arrays: arrays.map((array) => [...array]) };
}

/** The same by the loop in JavaScript; what is called grad holds more than float32. */
function run_loop([kernel]: Kernel[], n: number, rows: Rows, scalars: readonly number[]): Outcome {
  const names = ["n", ...kernel.arrays, ...kernel.scalars.map(({ name }) => name)];
  const arrays = rows.map((row, i) =>
    kernel.arrays[i] === "grad" ? [...row] : Float32Array.from(row),
  );
  const result = new Function(...names, write_float32(kernel))(n, ...arrays, ...scalars);
  return { result, arrays: arrays.map((array) => Array.from(array, Math.fround)) };
}

/** Runs a kernel in both ways, which must come to the same. */
function run(text: string, n: number, rows: Rows, ...scalars: number[]): Outcome {
  const kernels = read_kernels("test.ts", text);
  const outcome = run_wasm(kernels, n, rows, scalars);
  expect(run_loop(kernels, n, rows, scalars)).toEqual(outcome);
  return outcome;
}

/** Runs `out[i] = expression` of x and y, over so many elements that none of the loops is left out. */
function evaluate(expression: string, x: number, y: number, a = 0, flag = false): number {
  const text = `export function f(n: number, out: Numbers, x: Numbers, y: Numbers, a: number, flag: boolean): void {
    for (let i = 0; i < n; i++) { out[i] = ${expression}; }
  }`;
  const n = 23;
  const rows = [0, x, y].map((value) => new Array<number>(n).fill(value));
  const [out] = run(text, n, rows, a, Number(flag)).arrays;
  expect(new Set(out).size).toBe(1);
  return out[0];
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
    expect(evaluate("1 + a > 1 ? x[i] : y[i]", 1, 2, 1e-9)).toBe(1);
  });

  test("rounds every operation, and what is not float32 when it is read", () => {
    const text = `export function f(n: number, x: Numbers, grad: Numbers, a: number): void {
      for (let i = 0; i < n; i++) { x[i] = x[i] * grad[i] + a * Math.sqrt(grad[i]) / 3; }
    }`;
    const f = Math.fround;
    const [x, g, a] = [1.7, 0.9, 0.3].map(f);
    const expected = f(f(x * g) + f(f(a * f(Math.sqrt(g))) / 3));
    expect(expected).not.toBe(f(x * g + (a * Math.sqrt(g)) / 3));
    const rows = [x, 0.9].map((value) => new Array<number>(9).fill(value));
    expect(run(text, 9, rows, 0.3).arrays[0]).toEqual(new Array<number>(9).fill(expected));
  });

  test("lets a kernel choose its names", () => {
    const text = `export function f(n: number, x: Numbers, low: number): number {
      const high = low + 1;
      let gathered = 0;
      for (let i = 0; i < n; i++) { const end = x[i] * high; x[i] = end; gathered += end; }
      return gathered;
    }`;
    const { result, arrays } = run(text, 11, [new Array<number>(11).fill(2)], 4);
    expect(result).toBe(110);
    expect(arrays[0]).toEqual(new Array<number>(11).fill(10));
  });

  test("takes flags out of the loop", () => {
    for (const flag of [false, true]) {
      expect(evaluate("flag ? x[i] : a === 0 ? y[i] : 5", 1, 2, 0, flag)).toBe(flag ? 1 : 2);
      expect(evaluate("flag ? x[i] : a === 0 ? y[i] : 5", 1, 2, 3, flag)).toBe(flag ? 1 : 5);
    }
  });

  test("leaves tests of numbers in a loop that divides", () => {
    for (const flag of [false, true]) {
      expect(evaluate("flag ? x[i] : a === 0 ? x[i] / y[i] : 5", 1, 2, 0, flag)).toBe(
        flag ? 1 : 0.5,
      );
      expect(evaluate("flag ? x[i] : a === 0 ? x[i] / y[i] : 5", 1, 2, 3, flag)).toBe(flag ? 1 : 5);
    }
    const text = `export function f(n: number, x: Numbers, a: number): void {
      for (let i = 0; i < n; i++) { const y = 1 / x[i]; if (a > 1) x[i] = y; }
    }`;
    expect(run(text, 11, [new Array<number>(11).fill(2)], 1).arrays[0][10]).toBe(2);
    expect(run(text, 11, [new Array<number>(11).fill(2)], 2).arrays[0][10]).toBe(0.5);
  });

  test.each(Array.from({ length: 20 }, (_, n) => n))("touches %i elements and no more", (n) => {
    const text = `export function f(n: number, x: Numbers): void {
      for (let i = 0; i < n; i++) { const y = x[i] + 1; x[i] = y * 2; }
    }`;
    const row = Array.from({ length: 30 }, (_, i) => i);
    expect(run(text, n, [row]).arrays[0]).toEqual(row.map((x, i) => (i < n ? 2 * (x + 1) : x)));
  });

  const LENGTHS = Array.from({ length: 41 }, (_, n) => n);

  test.each(LENGTHS)("adds up %i elements by fours, in float64", (n) => {
    const text = `export function total(n: number, x: Numbers): number {
      let sum = 0.5;
      for (let i = 0; i < n; i++) { sum += x[i]; }
      return sum;
    }`;
    // Sums in any other order round otherwise.
    const row = LENGTHS.map((i) => Math.fround(Math.sin(i + 1) * 10 ** ((i * 7) % 17)));
    const sums = [0, 0, 0, 0];
    const end = n - (n % 8);
    for (let i = 0; i < end; i++) sums[i % 4] += row[i];
    let expected = 0.5 + (sums[0] + sums[2] + (sums[1] + sums[3]));
    for (let i = end; i < n; i++) expected += row[i];
    expect(run(text, n, [row]).result).toBe(expected);
  });

  test.each(LENGTHS)("finds the largest of %i elements", (n) => {
    const text = `export function top(n: number, x: Numbers): number {
      let largest = 0.1;
      for (let i = 0; i < n; i++) { largest = Math.max(largest, Math.abs(x[i])); }
      return largest;
    }`;
    const row = LENGTHS.map((i) => (i % 2 ? -i : i));
    expect(run(text, n, [row]).result).toBe(Math.max(0.1, n - 1));
    // 0.1 is no float32, and no element is as large.
    expect(run(text, n, [row.map(() => 0)]).result).toBe(0.1);
    const with_nan = row.with(3, Number.NaN);
    expect(run(text, n, [with_nan]).result).toBe(n > 3 ? Number.NaN : Math.max(0.1, n - 1));
  });

  test("adds up products of two elements exactly, and rounds all else before it is added", () => {
    const text = (
      value: string,
    ) => `export function f(n: number, x: Numbers, grad: Numbers): number {
      let sum = 0;
      for (let i = 0; i < n; i++) { const y = x[i] * grad[i]; sum += ${value}; }
      return sum;
    }`;
    const [x, y] = [0.1, 0.3].map(Math.fround);
    for (const n of [1, 8]) {
      const rows = [x, 0.3].map((value) => new Array<number>(n).fill(value));
      const sum_of = (value: string) => run(text(value), n, rows).result;
      expect(sum_of("x[i] * grad[i]")).toBe(n * (x * y));
      expect(sum_of("y")).toBe(n * Math.fround(x * y));
      expect(sum_of("x[i] + grad[i]")).toBe(n * Math.fround(x + y));
      expect(sum_of("y * x[i]")).toBe(n * (Math.fround(x * y) * x));
    }
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
    [
      "let s = 0; for (let i = 0; i < n; i++) { s += x[i]; s += 1; } return s;",
      "a kernel has one statement that gathers here",
    ],
  ];

  test.each(BODIES)("refuses %s, and says where", (body, message) => {
    const text = `export function f(n: number, x: Numbers) { ${body} }`;
    expect(() => write_wasm(read_kernels("test.ts", text))).toThrow(message);
  });
});
