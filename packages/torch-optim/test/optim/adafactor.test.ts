import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";

/** Five steps on a matrix of 3 rows and 2 columns; the gradients come in the form of `grads`. */
function course(
  param: torch.ParameterLike,
  grads: (values: number[]) => torch.ParameterLike["grad"],
) {
  const optimizer = new torch.optim.Adafactor([param], { lr: 0.1 });
  for (let k = 0; k < 5; k++) {
    param.grad = grads([1, -2, 0.5 * k, 3, -1, k].map((g) => g / (k + 1)));
    optimizer.step();
  }
  return [...param.data];
}

describe("Adafactor", () => {
  const start = [1, 2, 3, -1, -2, -3];
  const shape = [3, 2];

  test("is the same for gradients in new lists, in new arrays and in one that is used again", () => {
    const kept = new Float64Array(6);
    const lists = course(new torch.Parameter(start, shape), (values) => values);
    const arrays = course(new torch.Parameter(start, shape), (values) => Float64Array.from(values));
    const again = course(new torch.Parameter(start, shape), (values) => {
      kept.set(values);
      return kept;
    });
    expect(arrays).toEqual(lists);
    expect(again).toEqual(lists);
  });

  test("a plain object with a shape is a matrix, in place, also after its data were set by hand", () => {
    const matrix = course(new torch.Parameter(start, shape), (values) => values);
    const plain = { data: [...start], grad: null, shape };
    expect(course(plain, (values) => values)).toEqual(matrix);
    for (const [i, value] of start.entries()) plain.data[i] = value;
    expect(course(plain, (values) => values)).toEqual(matrix);
  });

  test("a plain object without a shape is a vector", () => {
    const vector = course(new torch.Parameter(start), (values) => values);
    const plain: torch.ParameterLike = { data: [...start], grad: null };
    expect(course(plain, (values) => values)).toEqual(vector);
  });

  test("the first step of a vector is lr times its size, against each gradient's sign", () => {
    const param = new torch.Parameter([3, -4]);
    param.grad = [0.001, -100];
    new torch.optim.Adafactor([param], { lr: 0.1 }).step();
    const size = Math.sqrt((3 ** 2 + 4 ** 2) / 2);
    expect(param.data[0]).toBeCloseTo(3 - 0.1 * size, 12);
    expect(param.data[1]).toBeCloseTo(-4 + 0.1 * size, 12);
  });

  test("a matrix costs a row and a column of state, whatever its size", () => {
    const param = new torch.Parameter(new Float32Array(600), [3, 10, 20]);
    param.grad = new Float32Array(600).fill(1);
    const optimizer = new torch.optim.Adafactor([param]);
    optimizer.step();
    const { row_var, col_var } = optimizer.state.get(param) ?? {};
    expect([row_var?.length, col_var?.length]).toEqual([3 * 10, 3 * 20]);
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      "a shape that the data do not fill",
      () => new torch.optim.Adafactor([{ data: [1, 2, 3], grad: null, shape: [2, 2] }]),
      RangeError,
      "Adafactor: parameter 0 of group 0: shape must be whole numbers with the product 3, got [2, 2]",
    ],
    [
      "an eps that is no pair",
      () => new torch.optim.Adafactor([new torch.Parameter([1])], { eps: [1e-3, null] as never }),
      TypeError,
      "Adafactor: eps must be two numbers of at least 0, or null and one, got [0.001, null]",
    ],
    [
      "a decay that would grow",
      () => new torch.optim.Adafactor([new torch.Parameter([1])], { beta2_decay: 0.8 }),
      RangeError,
      "Adafactor: beta2_decay must be a finite number of at most 0, got 0.8",
    ],
  ])("refuses %s in one clear sentence", (_, act, error, message) => {
    expect(act).toThrow(error);
    expect(act).toThrow(message);
  });
});
