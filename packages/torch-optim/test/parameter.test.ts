import { describe, expect, test } from "vitest";
import * as torch from "../src/index.ts";

describe("Parameter", () => {
  test("keeps its precision, and plain numbers are float64", () => {
    expect(new torch.Parameter([1, 2]).data).toEqual(new Float64Array([1, 2]));
    expect(new torch.Parameter(new Float64Array([1, 2])).data).toEqual(new Float64Array([1, 2]));
    expect(new torch.Parameter(new Float32Array([1, 2])).data).toEqual(new Float32Array([1, 2]));
  });

  test("takes a copy of the data and has no gradient at first", () => {
    const data = new Float32Array(6).fill(1);
    const parameter = new torch.Parameter(data, [2, 3]);
    data.fill(2);
    expect(parameter.data).toEqual(new Float32Array(6).fill(1));
    expect(parameter.shape).toEqual([2, 3]);
    expect(parameter.grad).toBeNull();
  });

  test.each([Float32Array, Float64Array])("views stay valid for its life: %s", (TypedArray) => {
    const parameter = new torch.Parameter(new TypedArray(5));
    const optimizer = new torch.optim.Adam([parameter], { lr: 1 });
    parameter.grad = new TypedArray(5).fill(1);
    const { data, grad } = parameter;
    optimizer.step();
    // Others that come later move nothing.
    const later = Array.from({ length: 50 }, () => new torch.Parameter(new TypedArray(100_000)));
    expect(later.every((other) => other.data.every((x) => x === 0))).toBe(true);
    expect([...data].every((x) => Math.abs(x + 1) < 1e-6)).toBe(true);
    expect(parameter.data).toBe(data);
    parameter.grad = null;
    expect(parameter.grad).toBeNull();
    parameter.grad = [1, 2, 3, 4, 5];
    expect(parameter.grad).toBe(grad);
    expect([...(grad ?? [])]).toEqual([1, 2, 3, 4, 5]);
  });

  test("many of them share a memory, and a large one has its own", () => {
    const of_size = (size: number) => new torch.Parameter(new Float32Array(size)).data.buffer;
    const buffers = Array.from({ length: 100 }, (_, i) => of_size(i % 2 ? 100_000 : 10));
    expect(new Set(buffers).size).toBeLessThanOrEqual(5);
    const large = of_size(2_000_000);
    expect(buffers).not.toContain(large);
    expect(of_size(10)).not.toBe(large);
  });

  test("a gradient can be written in place", () => {
    const parameter = new torch.Parameter(new Float32Array(3));
    const optimizer = new torch.optim.SGD([parameter], { lr: 1 });
    parameter.grad = new Float32Array(3);
    parameter.grad.set([1, 2, 3]);
    optimizer.step();
    expect([...parameter.data]).toEqual([-1, -2, -3]);
  });

  test("has a gradient again after the last one was sent to a worker", () => {
    const parameter = new torch.Parameter([1, 2]);
    parameter.grad = [1, 1];
    structuredClone(0, { transfer: [parameter.grad?.buffer ?? new ArrayBuffer()] });
    parameter.grad = [3, 4];
    expect(parameter.grad).toEqual(new Float64Array([3, 4]));
  });

  test("tells TypeScript of its array", () => {
    const single: Float32Array = new torch.Parameter(new Float32Array(6)).data;
    const double: Float64Array | null = new torch.Parameter<Float64Array>([1, 2]).grad;
    const any: torch.Parameter[] = [new torch.Parameter([1]), new torch.Parameter(single)];
    // @ts-expect-error plain numbers become float64
    const wrong = new torch.Parameter<Float32Array>([1]);
    const { shape } = wrong;
    shape.push(1);
    expect([single.length, double, any.length, shape]).toEqual([6, null, 2, [1, 1]]);
  });

  test("a view of a parameter can be the data of another", () => {
    const whole = new torch.Parameter(new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    const part = { data: whole.data.subarray(1, 7), grad: new Float32Array(6).fill(1) };
    new torch.optim.AdamW([part], { lr: 1, weight_decay: 0 }).step();
    const rounded = [...whole.data].map((x) => Math.round(x * 1e6) / 1e6);
    expect(rounded).toEqual([1, 1, 2, 3, 4, 5, 6, 8, 9]);
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      "a shape that the data do not fill",
      () => new torch.Parameter([1, 2, 3], [2, 2]),
      RangeError,
      "Parameter: shape must be whole numbers with the product 3, got [2, 2]",
    ],
    [
      "data that are no numbers",
      () => new torch.Parameter("abc" as never),
      TypeError,
      'Parameter: data must be a Float32Array, a Float64Array or a list of numbers, got "abc"',
    ],
    [
      "as many holes as a list can have",
      () => new torch.Parameter(new Array(3)),
      TypeError,
      "got undefined at 0",
    ],
    [
      "a hole among numbers",
      () => new torch.Parameter(Object.assign([1, 2, 3], { length: 4 })),
      TypeError,
      "Parameter: data must hold numbers, got undefined at 3",
    ],
    [
      "a shape with a hole",
      () => new torch.Parameter([1, 2], Object.assign([2], { length: 2 })),
      TypeError,
      "Parameter: shape must be whole numbers with the product 2, got [2, undefined]",
    ],
    [
      "a shape that is no list",
      () => new torch.Parameter([1, 2], 2 as never),
      TypeError,
      "Parameter: shape must be whole numbers with the product 2, got 2",
    ],
    [
      "words in a gradient",
      () => {
        new torch.Parameter([1, 2, 3]).grad = ["1", "x", 3] as never;
      },
      TypeError,
      'Parameter: grad must hold numbers, got "1" at 0',
    ],
    [
      "a gradient of bigints",
      () => {
        new torch.Parameter([1, 2, 3]).grad = new BigInt64Array(3) as never;
      },
      TypeError,
      "Parameter: grad must be a list of numbers or null, got an object",
    ],
    [
      "data that were sent to a worker",
      () => {
        const data = new Float32Array(3);
        structuredClone(0, { transfer: [data.buffer] });
        new torch.Parameter(data);
      },
      TypeError,
      "Parameter: data stands in a buffer that was transferred",
    ],
    [
      "a gradient of another length",
      () => {
        new torch.Parameter([1, 2, 3]).grad = [1];
      },
      RangeError,
      "Parameter: grad must have 3 values like its data, got 1",
    ],
    [
      "a gradient that is no list",
      () => {
        new torch.Parameter([1]).grad = 1 as never;
      },
      TypeError,
      "Parameter: grad must be a list of numbers or null, got 1",
    ],
  ])("refuses %s", (_, act, error, message) => {
    expect(act).toThrow(error);
    expect(act).toThrow(message);
  });
});
