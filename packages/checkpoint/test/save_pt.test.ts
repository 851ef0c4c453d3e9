import fc from "fast-check";
import * as torch from "torch-optim";
import { load_pt, read_pt, save_pt, save_pt_to, write_pt } from "torch-optim-checkpoint";
import { describe, expect, it, test } from "vitest";
import taken from "./fixtures/taken.json";
import { HANDED_OVER, parts_of } from "./support/handed_over.ts";

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(sha256, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe(`a file that PyTorch ${taken.pytorch} has gone on from is written today byte for byte`, () => {
  test.each(Object.entries(taken.digests))("%s", async (name, digests) => {
    const files = HANDED_OVER[name].map((each) => save_pt(parts_of(each)));
    expect(await Promise.all(files.map(digest))).toEqual(digests);
  });
});

function start() {
  const weight = new torch.Parameter(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  const bias = new torch.Parameter(Float32Array.of(1, -2));
  const optimizer = new torch.optim.AdamW([weight, bias], { lr: 0.1 });
  const scheduler = new torch.optim.SequentialLR(optimizer, {
    schedulers: [
      new torch.optim.LinearLR(optimizer, { total_iters: 2 }),
      new torch.optim.MultiStepLR(optimizer, { milestones: [1, 3] }),
    ],
    milestones: [2],
  });
  return { model: { weight, bias }, optimizer, scheduler };
}

function train({ model, optimizer, scheduler }: ReturnType<typeof start>, epochs: number): void {
  for (let i = 0; i < epochs; i++) {
    for (const param of Object.values(model)) param.grad = param.data.map((x) => 2 * x);
    optimizer.step();
    scheduler.step();
  }
}

function resumed(bytes: Uint8Array) {
  const saved = load_pt(bytes);
  const run = start();
  run.model.weight.data.set(saved.model.weight.data as Float32Array);
  run.model.bias.data.set(saved.model.bias.data as Float32Array);
  run.optimizer.load_state_dict(saved.optimizer);
  run.scheduler.load_state_dict(saved.scheduler);
  return run;
}

function picture({ model, optimizer, scheduler }: ReturnType<typeof start>) {
  const { weight, bias } = model;
  return [weight.data, bias.data, optimizer.state_dict(), scheduler.state_dict()];
}

describe("a checkpoint of this library", () => {
  it.each([
    ["the optimizer itself", (run: ReturnType<typeof start>) => run.optimizer],
    ["its state", (run: ReturnType<typeof start>) => run.optimizer.state_dict()],
    [
      "its state with typed arrays",
      (run: ReturnType<typeof start>) => run.optimizer.state_dict({ arrays: "typed" }),
    ],
  ])("goes on to the last bit, written from %s", (_what, optimizer_of) => {
    const whole = start();
    train(whole, 3);
    const bytes = save_pt({ ...whole, optimizer: optimizer_of(whole) });
    train(whole, 3);
    const again = resumed(bytes);
    train(again, 3);
    expect(picture(again)).toEqual(picture(whole));
  });

  it("is the same bytes from the optimizer and from its state of either kind", () => {
    const run = start();
    train(run, 3);
    const bytes = save_pt(run);
    expect(save_pt({ ...run, optimizer: run.optimizer.state_dict() })).toEqual(bytes);
    const typed = run.optimizer.state_dict({ arrays: "typed" });
    expect(save_pt({ ...run, optimizer: typed, scheduler: run.scheduler.state_dict() })).toEqual(
      bytes,
    );
  });

  it("gives the parameters of a state that has names their shapes, wherever they stand in the model", () => {
    const [weight, bias] = [
      new torch.Parameter(new Float32Array(6), [2, 3]),
      new torch.Parameter([0]),
    ];
    const named = [
      ["weight", weight],
      ["bias", bias],
    ] as const;
    const optimizer = new torch.optim.SGD(named, { lr: 0.1, momentum: 0.9 });
    weight.grad = new Float32Array(6);
    optimizer.step();
    const buffer = new Float32Array(9);
    const bytes = save_pt({
      model: { bias, buffer, weight },
      optimizer: optimizer.state_dict({ arrays: "typed" }),
    });
    const { optimizer: state } = read_pt(bytes) as unknown as {
      optimizer: { state: { 0: { momentum_buffer: { shape: number[] } } } };
    };
    expect(state.state[0].momentum_buffer.shape).toEqual([2, 3]);
  });

  it("shares numbers where the array is the same, as PyTorch does for tied weights", () => {
    const weight = new Float32Array(1000);
    const both = save_pt({ model: { one: weight, other: weight } });
    const apart = save_pt({ model: { one: weight, other: weight.slice() } });
    expect(apart.length - both.length).toBeGreaterThan(weight.byteLength);
    const { model } = load_pt(both);
    expect(model.one.data).toBe(model.other.data);
  });

  it("is written to a file piece by piece, with the same bytes", async () => {
    const run = start();
    train(run, 3);
    const pieces: number[] = [];
    // A file of Node.js may take only some of the bytes at a time.
    const write = (bytes: Uint8Array) => {
      const bytesWritten = Math.min(bytes.length, 100);
      pieces.push(...bytes.subarray(0, bytesWritten));
      return Promise.resolve({ bytesWritten });
    };
    await save_pt_to({ write }, run);
    expect(Uint8Array.from(pieces)).toEqual(save_pt(run));
  });

  it("is read from a Blob as from memory", async () => {
    const run = start();
    train(run, 3);
    const bytes = save_pt(run);
    expect(await load_pt(new Blob([bytes]))).toEqual(load_pt(bytes));
  });

  it("shares no memory with what is read from it, nor with what was written", () => {
    const array = Float32Array.of(1, 2);
    const bytes = save_pt({ model: { array } });
    array[0] = 5;
    const { model } = load_pt(bytes);
    bytes.fill(0);
    expect(model.array.data).toEqual(Float32Array.of(1, 2));
  });

  it("has every array's numbers at a multiple of 64, so that they can be mapped into memory", () => {
    const marked = Float32Array.of(1234.5, 5432.1);
    const bytes = save_pt({ model: { a: new Float32Array(3), marked } });
    const pattern = String.fromCharCode(...new Uint8Array(marked.buffer));
    const text = String.fromCharCode(...bytes);
    expect(text.indexOf(pattern) % 64).toBe(0);
  });
});

const DTYPES = {
  float16: [Float32Array, [0, -0, 1, 65504, 2 ** -24, -Infinity]],
  bfloat16: [Float32Array, [0, -0, 1, 2 ** 100, Infinity]],
  float32: [Float32Array, [0.1, -0, Infinity, 1e-45]],
  float64: [Float64Array, [0.1, Number.MIN_VALUE, -Infinity]],
  int8: [Int8Array, [-128, 127]],
  uint8: [Uint8Array, [0, 255]],
  int16: [Int16Array, [-32768, 32767]],
  uint16: [Uint16Array, [0, 65535]],
  int32: [Int32Array, [-(2 ** 31), 2 ** 31 - 1]],
  uint32: [Uint32Array, [0, 2 ** 32 - 1]],
  bool: [Uint8Array, [0, 1, 1]],
} as const;

describe("every dtype is written and read with all of its numbers", () => {
  test.each(Object.entries(DTYPES))("%s", (dtype, [Data, values]) => {
    const tensor = { dtype, shape: [values.length], data: Data.from(values as readonly number[]) };
    expect(read_pt(write_pt({ tensor }))).toEqual({ tensor });
  });

  test.each([
    ["int64", BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)],
    ["uint64", BigUint64Array.of(0n, 2n ** 64n - 1n)],
  ])("%s", (dtype, data) => {
    const tensor = { dtype, shape: [], data: data.slice(1) };
    expect(read_pt(write_pt({ tensor }))).toEqual({ tensor });
  });
});

describe("halves", () => {
  it("are rounded to the nearest, of two to the even one", () => {
    const rounded = (dtype: string, values: number[]) => {
      const tensor = { dtype, shape: [values.length], data: Float32Array.from(values) };
      return Array.from((read_pt(write_pt([tensor])) as unknown as [typeof tensor])[0].data);
    };
    // Between 1 and its neighbours 1 + 2^-10 and 1 + 2^-7.
    const between = (ulp: number) => [1 + ulp / 2, 1 + 1.5 * ulp, 1 + 0.51 * ulp, 1 - ulp / 8];
    const nearest = (ulp: number) => [1, 1 + 2 * ulp, 1 + ulp, 1];
    expect(rounded("float16", between(2 ** -10))).toEqual(nearest(2 ** -10));
    expect(rounded("bfloat16", between(2 ** -7))).toEqual(nearest(2 ** -7));
    expect(rounded("float16", [65519, 65520, 2 ** -25, 2 ** -25 * 1.01])).toEqual([
      65504,
      Infinity,
      0,
      2 ** -24,
    ]);
    expect(rounded("bfloat16", [Number.NaN, 3.4e38])).toEqual([Number.NaN, Infinity]);
  });
});

/** Any data that JSON can hold, and numbers that are not finite. */
const DATA = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value")),
    fc.dictionary(fc.string({ unit: "grapheme" }), tie("value"), { noNullPrototype: true }),
  ),
})).value as fc.Arbitrary<object>;

describe("data", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(DATA, (value) => {
        expect(read_pt(write_pt([value]))).toEqual([value]);
      }),
    );
  });

  it("may be whole numbers of any size", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), (whole) => {
        const number = Number(whole);
        const wanted = Number.isSafeInteger(number) ? number : whole;
        expect(read_pt(write_pt([whole]))).toEqual([wanted]);
      }),
    );
  });
});

describe("what cannot be written is refused by name", () => {
  const { model, optimizer } = start();
  test.each([
    [{ model: { a: "1" } }, "save_pt: model.a must be a tensor, a parameter or an array"],
    [{ model: { a: [1, "2"] } }, 'save_pt: model.a[1] must be a number, got "2"'],
    [{ model: { "a b": null } }, 'save_pt: model["a b"] must be a tensor'],
    [
      { model: { a: { data: Float32Array.of(1), shape: [2] } } },
      "save_pt: model.a must have a shape with room for its 1 numbers, got [2]",
    ],
    [
      { model: { a: { data: Float32Array.of(1), shape: [1], dtype: "int8" } } },
      "save_pt: model.a.data must be an array for int8, got a Float32Array",
    ],
    [
      { model: { a: { data: Float32Array.of(1), shape: [1], dtype: "float8" } } },
      "save_pt: model.a.dtype must be one of float64, float32",
    ],
    [{ epoch: 3 }, 'save_pt: "epoch" is none of model, optimizer, scheduler, extra'],
    [{ extra: { f: () => 1 } }, "save_pt: extra.f must be data, got a function"],
    [{ optimizer: { state: {} } }, "save_pt: optimizer.param_groups must be a list of groups"],
    [
      { optimizer: { state: { 0: { exp_avg: [1, 2] } }, param_groups: [{ params: [0] }] } },
      "save_pt: optimizer.state[0] must belong to a tensor of the model",
    ],
    [
      {
        model: { bias: model.bias, weight: model.weight },
        optimizer: { state: { 0: { m: new Float32Array(6) } }, param_groups: [{ params: [0, 1] }] },
      },
      "save_pt: optimizer.state[0].m must have 2 numbers, got 6",
    ],
    [{ scheduler: 3 }, "save_pt: scheduler must be a scheduler or its state_dict(), got 3"],
  ])("%j", (parts, sentence) => {
    expect(() => save_pt(parts as never)).toThrow(sentence);
  });

  it("also what holds itself", () => {
    const extra: Record<string, unknown> = {};
    extra.self = extra;
    expect(() => save_pt({ extra } as never)).toThrow(/^save_pt: extra(\.self)+ stands too deep/);
    expect(optimizer.state.size).toBe(0);
  });
});
