import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";

/** A matrix of numbers that look random, row by row. */
function numbers(rows: number, columns: number): number[] {
  return Array.from({ length: rows * columns }, (_, i) => Math.sin(7 * i * i + i + 1));
}

/** The update of a first step with lr 1 from 0: what the gradient is made of. */
function direction(grad: readonly number[], shape: readonly number[], options = {}): number[] {
  const param = new torch.Parameter(new Float64Array(grad.length), shape);
  param.grad = [...grad];
  new torch.optim.Muon([param], { lr: 1, weight_decay: 0, ...options }).step();
  return [...param.data].map((x) => -x);
}

/** `matrix · matrixᵀ`. */
function gram(matrix: readonly number[], rows: number): number[][] {
  const columns = matrix.length / rows;
  const row = (i: number) => matrix.slice(i * columns, (i + 1) * columns);
  const side = Array.from({ length: rows }, (_, i) => i);
  return side.map((i) => side.map((j) => row(i).reduce((sum, x, k) => sum + x * row(j)[k], 0)));
}

function transposed(matrix: readonly number[], rows: number): number[] {
  const columns = matrix.length / rows;
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]);
}

describe("Muon", () => {
  test("makes a gradient's singular values 1, if the iteration converges", () => {
    // The coefficients whose fixed point is 1 (Newton–Schulz of the fifth order).
    const converging = { ns_coefficients: [1.875, -1.25, 0.375], ns_steps: 30 };
    for (const [rows, columns] of [
      [3, 8],
      [5, 21],
      [9, 30],
    ]) {
      const made = direction(numbers(rows, columns), [rows, columns], converging);
      for (const [i, row] of gram(made, rows).entries()) {
        for (const [j, value] of row.entries()) {
          // bfloat16 counts in steps of 1/128 from 1 on.
          expect(Math.abs(value - (i === j ? 1 : 0))).toBeLessThan(0.03);
        }
      }
    }
  });

  test("takes a tall matrix for what it is on its side", () => {
    const options = { adjust_lr_fn: "match_rms_adamw" };
    for (const [rows, columns] of [
      [9, 6],
      [12, 4],
      [5, 1],
    ]) {
      const grad = numbers(rows, columns);
      const tall = direction(grad, [rows, columns], options);
      const wide = direction(transposed(grad, rows), [columns, rows], options);
      expect(transposed(tall, rows)).toEqual(wide);
    }
  });

  test("the size of a gradient does not matter, only its direction", () => {
    const grad = numbers(4, 6);
    expect(
      direction(
        grad.map((g) => 1024 * g),
        [4, 6],
      ),
    ).toEqual(direction(grad, [4, 6]));
  });

  test("matrices of several shapes do not disturb each other", () => {
    const shapes = [
      [2, 3],
      [9, 4],
      [4, 9],
      [30, 20],
      [2, 3],
    ];
    const params = shapes.map((shape) => {
      const param = new torch.Parameter(new Float64Array(shape[0] * shape[1]), shape);
      param.grad = numbers(shape[0], shape[1]);
      return param;
    });
    const together = new torch.optim.Muon(params, { lr: 1, weight_decay: 0 });
    together.step();
    for (const [i, { data }] of params.entries()) {
      const alone = direction(numbers(shapes[i][0], shapes[i][1]), shapes[i]);
      expect([...data].map((x) => -x)).toEqual(alone);
    }
  });

  test("a gradient of zeros leaves only the weight decay", () => {
    const param = new torch.Parameter([1, 2, 3, 4], [2, 2]);
    param.grad = [0, 0, 0, 0];
    new torch.optim.Muon([param], { lr: 0.5, weight_decay: 0.5 }).step();
    expect([...param.data]).toEqual([0.75, 1.5, 2.25, 3]);
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      "a vector",
      () => new torch.optim.Muon([new torch.Parameter([1, 2])]),
      RangeError,
      "Muon: parameter 0 of group 0: shape must be that of a matrix, [rows, columns], got [2]",
    ],
    [
      "a plain object without a shape",
      () => new torch.optim.Muon([{ params: [{ data: [1, 2, 3], grad: null }] }]),
      RangeError,
      "Muon: parameter 0 of group 0: shape must be that of a matrix, [rows, columns], got [3]",
    ],
    [
      "two coefficients",
      () =>
        new torch.optim.Muon([new torch.Parameter([1], [1, 1])], {
          ns_coefficients: [1, 2] as never,
        }),
      RangeError,
      "Muon: ns_coefficients must be three finite numbers, got [1, 2]",
    ],
    [
      "a hundred steps",
      () => new torch.optim.Muon([new torch.Parameter([1], [1, 1])], { ns_steps: 100 }),
      RangeError,
      "Muon: ns_steps must be a whole number of at least 0 and below 100, got 100",
    ],
    [
      "another adjustment",
      () =>
        new torch.optim.Muon([new torch.Parameter([1], [1, 1])], { adjust_lr_fn: "x" as never }),
      TypeError,
      'Muon: adjust_lr_fn must be one of "original", "match_rms_adamw", "spectral_unclamped" or null, got "x"',
    ],
  ])("refuses %s in one clear sentence", (_, act, error, message) => {
    expect(act).toThrow(error);
    expect(act).toThrow(message);
  });
});
