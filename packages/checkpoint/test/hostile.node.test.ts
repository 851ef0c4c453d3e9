import fc from "fast-check";
import { zipSync } from "fflate";
import {
  CheckpointError,
  load_pt,
  type PtValue,
  read_pt,
  read_safetensors,
} from "torch-optim-checkpoint";
import { describe, expect, it, test } from "vitest";
import {
  archive,
  bytes,
  global,
  type Part,
  PROTO,
  STOP,
  tensor,
  text,
  tuple,
  uint32,
  uint64,
} from "./support/archive.ts";
import { fixture } from "./support/fixtures.ts";

const SIXTEEN_MIB = 2 ** 24;

/** Changes of a file: bytes that are others, missing, more, twice or somewhere else. */
const MUTATION = fc.oneof(
  fc.record({
    kind: fc.constant("flip" as const),
    at: fc.nat(),
    value: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), value: fc.nat() }),
  fc.record({
    kind: fc.constant("remove" as const),
    at: fc.nat(),
    value: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({
    kind: fc.constant("repeat" as const),
    at: fc.nat(),
    value: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({ kind: fc.constant("large" as const), at: fc.nat(), value: fc.constantFrom(4, 8) }),
  fc.record({ kind: fc.constant("word" as const), at: fc.nat(), value: fc.nat(0xffff) }),
);
type Mutation = typeof MUTATION extends fc.Arbitrary<infer T> ? T : never;

function mutated(
  file: Uint8Array,
  { kind, at: anywhere, value }: Mutation,
): Uint8Array<ArrayBuffer> {
  const at = anywhere % file.length;
  const changed = Uint8Array.from(file);
  if (kind === "flip") changed[at] ^= value;
  else if (kind === "cut") return changed.slice(0, at);
  else if (kind === "remove") return bytes(file.subarray(0, at), file.subarray(at + value));
  else if (kind === "repeat") return bytes(file.subarray(0, at + value), file.subarray(at));
  else if (kind === "large") changed.fill(0xff, at, at + value);
  else changed.set([value & 255, value >> 8].slice(0, file.length - at), at);
  return changed;
}

/** The memory of all arrays in a value, each counted once. */
function memory_of(value: unknown): number {
  const buffers = new Set<ArrayBufferLike>();
  const seen = new Set<unknown>();
  const left = [value];
  while (left.length > 0) {
    const item = left.pop();
    if (typeof item !== "object" || item === null || seen.has(item)) continue;
    seen.add(item);
    if (ArrayBuffer.isView(item)) buffers.add(item.buffer);
    else left.push(...(item instanceof Map ? [...item].flat() : Object.values(item)));
  }
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** States that a file is read within bounds, or refused in one sentence with its place. */
function expect_judged(file: Uint8Array, read: () => unknown): void {
  try {
    expect(memory_of(read())).toBeLessThanOrEqual(4 * file.length + SIXTEEN_MIB);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    expect(error.message).toMatch(/^at byte \d+ of the file: [^\n]+$/);
    expect(error.place).toBeGreaterThanOrEqual(0);
    expect(error.place).toBeLessThanOrEqual(file.length);
  }
}

describe("a damaged file is read within bounds, or refused in a sentence with its place", () => {
  test.each([
    "dtypes.pt",
    "strides.pt",
    "containers.pt",
    "containers_protocol_5.pt",
    "module.pt",
    "training.pt",
    "LBFGS.pt",
    "deflated.pt",
  ])("%s", (name) => {
    const file = fixture(name);
    fc.assert(
      fc.property(
        fc.array(MUTATION, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (changes, check_crc32) => {
          const changed = changes.reduce<Uint8Array>(
            (each, change) => (each.length > 0 ? mutated(each, change) : each),
            file,
          );
          expect_judged(changed, () => read_pt(changed, { check_crc32 }));
          expect_judged(changed, () => load_pt(changed, { check_crc32 }));
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each(["all.safetensors"])("%s", (name) => {
    const file = fixture(name);
    fc.assert(
      fc.property(fc.array(MUTATION, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = changes.reduce<Uint8Array>(
          (each, change) => (each.length > 0 ? mutated(each, change) : each),
          file,
        );
        expect_judged(changed, () => read_safetensors(changed));
      }),
      { numRuns: 300 },
    );
  });

  it("with every byte that it may be cut short to", () => {
    const file = fixture("SGD.pt");
    for (let length = 0; length < file.length; length++) {
      expect(() => read_pt(file.subarray(0, length))).toThrow(CheckpointError);
    }
  });

  it("with any bytes as its pickle", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (pickle) => {
        const file = archive(bytes(PROTO, pickle, STOP), { "data/0": new Uint8Array(16) });
        expect_judged(file, () => read_pt(file));
      }),
      { numRuns: 1000 },
    );
  });
});

const refusal_of = (
  file: Uint8Array<ArrayBuffer>,
  read: (file: Uint8Array<ArrayBuffer>) => unknown = read_pt,
) => {
  try {
    read(file);
  } catch (error) {
    if (error instanceof CheckpointError)
      return error.message.replace(/^at byte \d+ of the file: /, "");
    throw error;
  }
  return "nothing was refused";
};

const pickled = (...parts: readonly Part[]) =>
  archive(bytes(PROTO, ...parts, STOP), { "data/0": new Uint8Array(16) });

describe("a file is refused by name, with what to do", () => {
  test.each([
    [
      "from before PyTorch 1.6",
      "legacy.pt",
      "it is in the form from before PyTorch 1.6: load it in Python and torch.save it again",
    ],
    [
      "a TorchScript archive",
      "script.pt",
      "it is a TorchScript archive, which holds a program: save the state_dict() of its module",
    ],
    [
      "a numpy scalar",
      "numpy.pt",
      'the pickle names "numpy._core.multiarray.scalar", which makes numpy\'s scalars and arrays: save x.item(), or torch.from_numpy(x)',
    ],
    [
      "complex numbers",
      "complex.pt",
      'the pickle names "torch.ComplexFloatStorage", which is a dtype that JavaScript has no numbers for: convert it before saving',
    ],
    [
      "a whole module",
      "whole_module.pt",
      'the pickle names "torch.nn.modules.linear.Linear", which is none of the data that is read here, and nothing is ever called',
    ],
  ])("%s", (_what, name, sentence) => {
    expect(refusal_of(fixture(name) as Uint8Array<ArrayBuffer>)).toContain(sentence);
  });

  it("big-endian numbers", () => {
    const file = archive(bytes(PROTO, "N", STOP), { byteorder: bytes("big") });
    expect(refusal_of(file)).toBe(
      'its numbers must be little-endian, got "big": save it on another machine',
    );
  });
});

/** A list that is ten times a list that is ten times a list … */
function laughs(levels: number): Uint8Array {
  let inner = text("ha");
  for (let i = 0; i < levels; i++) {
    inner = bytes(inner, "q", i, "0", "(", ...Array.from({ length: 10 }, () => bytes("h", i)), "t");
  }
  return inner;
}

describe("a pickle that is an attack", () => {
  test.each([
    [
      "calls a program",
      [global("posix", "system"), text("true"), 0x85, "R"],
      'the pickle names "posix.system"',
    ],
    [
      "calls a program by its stack",
      [text("builtins"), text("eval"), 0x93],
      'the pickle names "builtins.eval"',
    ],
    [
      "names a method of the language",
      [global("torch", "constructor")],
      'the pickle names "torch.constructor"',
    ],
    [
      "calls what is no function",
      [global("torch", "float32"), ")", "R"],
      "torch.float32 must not be called",
    ],
    ["calls a text", [text("a"), ")", "R"], "only what is named can be made"],
    ["holds itself", ["]", "q", 0, "h", 0, "a"], "must not hold themselves"],
    ["is very deep", ["]".repeat(100_000), "a".repeat(99_999)], "must stand at most 200 deep"],
    ["is short and grows without bound", [laughs(12)], "must hold at most"],
    ["has a false frame", [0x95, uint64(8), "N"], "a frame must end within the pickle"],
    ["has a text longer than itself", ["X", uint32(0xffffffff)], "must not end within an opcode"],
    [
      "has a text of almost any length",
      [0x8d, new Uint8Array(8).fill(255)],
      "a length must be within the pickle",
    ],
    [
      "has a whole number of a megabyte",
      [0x8b, uint32(1e6)],
      "a whole number must have at most 128 bytes",
    ],
    ["recalls what was never told", ["h", 7], "nothing was remembered under 7"],
    ["takes from an empty stack", ["0"], "a value must be on the stack"],
    ["sets items of a number", ["K", 1, "N", "N", "s"], "a dictionary must be on the stack"],
    ["has an odd dictionary", ["(", "N", "d"], "a dictionary must have a value for each key"],
    ["ends with two values", ["N", "N"], "the pickle must end with one value"],
    ["has an opcode of the future", [0xf0], "0xf0 is no opcode"],
    ["is of a protocol of the future", [0x80, 6], "the protocol must be at most 5, got 6"],
    ["ends with a class", [global("collections", "OrderedDict")], "must hold data alone"],
    [
      "has a storage that is a text",
      [tuple(text("storage")), "Q"],
      "a storage must be told by five things",
    ],
  ])("and %s is refused", (_what, parts, sentence) => {
    expect(refusal_of(pickled(...parts))).toContain(sentence);
  });

  test.each([
    [
      "reaches beyond its storage",
      { offset: 1 },
      "must stand within its storage of 4 numbers, and this one reaches to 5",
    ],
    ["reaches beyond it by its strides", { strides: [2] }, "this one reaches to 7"],
    ["has a stride for no dimension", { strides: [] }, "a tensor must have a stride for each"],
    [
      "has too many dimensions",
      { shape: Array(65).fill(1), strides: Array(65).fill(1) },
      "at most 64 dimensions",
    ],
    [
      "has a storage of another length",
      { count: 5 },
      "a storage of 5 numbers must have 20 bytes, got 16",
    ],
    [
      "has a storage that is not there",
      { key: "../1" },
      'the entry "a/data/../1" must be in the archive',
    ],
    ["is a number a billion times", { shape: [1e9], strides: [0] }, "must fit into 167"],
    [
      "has more numbers than there are",
      { shape: Array(40).fill(2 ** 40), strides: Array(40).fill(0) },
      "must fit into 167",
    ],
  ])("with a tensor that %s is refused", (_what, told, sentence) => {
    expect(refusal_of(pickled(tensor(told)))).toContain(sentence);
  });

  it("with the key __proto__ gives an object that has it, and changes no other", () => {
    const value = read_pt(pickled("}", text("__proto__"), "}", text("bad"), 0x88, "s", "s")) as {
      [key: string]: PtValue;
    };
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).bad).toBeUndefined();
  });

  it("with few bytes for many empty dictionaries takes no memory for them", () => {
    const many = pickled("(", "}".repeat(1_000_000), "t");
    expect(refusal_of(many)).toContain("must fit into");
  });

  it("reads what expands if it may take the memory", () => {
    const file = pickled(tensor({ shape: [2 ** 23], strides: [0] }));
    expect(refusal_of(file)).toContain("a larger max_bytes lets it");
    const value = read_pt(file, { max_bytes: 2 ** 26 }) as unknown as { data: Float32Array };
    expect(value.data.length).toBe(2 ** 23);
  });
});

/** Where a pattern stands in a file. */
function find(file: Uint8Array, pattern: Uint8Array, from = 0): number {
  for (let i = from; i + pattern.length <= file.length; i++) {
    if (pattern.every((byte, k) => file[i + k] === byte)) return i;
  }
  throw new Error("the pattern is not there");
}

const CENTRAL = bytes("PK", 1, 2);
const END = bytes("PK", 5, 6);

/** A file with a change in the record of its first entry in the directory. */
function with_record(change: (view: DataView, at: number) => void): Uint8Array<ArrayBuffer> {
  const file = Uint8Array.from(archive(bytes(PROTO, "N", STOP)));
  change(new DataView(file.buffer), find(file, CENTRAL));
  return file;
}

function with_end(change: (view: DataView, at: number) => void): Uint8Array<ArrayBuffer> {
  const file = Uint8Array.from(archive(bytes(PROTO, "N", STOP)));
  change(new DataView(file.buffer), find(file, END));
  return file;
}

describe("an archive that is an attack", () => {
  test.each([
    [
      "has entries that overlap",
      with_record((view, at) =>
        view.setUint32(find(new Uint8Array(view.buffer), CENTRAL, at + 4) + 42, 0, true),
      ),
      "must end before byte",
    ],
    [
      "has an entry beyond the file",
      with_record((view, at) => view.setUint32(at + 42, 1e6, true)),
      "must end before byte",
    ],
    [
      "has an entry larger than the file",
      with_record((view, at) => {
        view.setUint32(at + 20, 0x7fffffff, true);
        view.setUint32(at + 24, 0x7fffffff, true);
      }),
      "must end before byte",
    ],
    [
      "stores more than it has",
      with_record((view, at) => view.setUint32(at + 24, 1e6, true)),
      "is stored, so its sizes must be equal",
    ],
    [
      "is encrypted",
      with_record((view, at) => view.setUint16(at + 8, 1, true)),
      "must not be encrypted",
    ],
    [
      "is packed in an unknown way",
      with_record((view, at) => view.setUint16(at + 10, 12, true)),
      "must be stored or deflated, got method 12",
    ],
    [
      "calls an entry otherwise in its header",
      with_record((view, at) => view.setUint8(at + 46, 98)),
      "must have the name that byte",
    ],
    [
      "has a directory that is larger",
      with_end((view, at) => view.setUint32(at + 12, 1e6, true)),
      "the directory must end at byte",
    ],
    [
      "has more entries than bytes",
      with_end((view, at) => view.setUint16(at + 10, 60000, true)),
      "60000 entries must have more than",
    ],
    [
      "has fewer entries than records",
      with_end((view, at) => view.setUint16(at + 10, 1, true)),
      "the directory must end after its 1 entries",
    ],
  ])("and %s is refused", (_what, file, sentence) => {
    expect(refusal_of(file)).toContain(sentence);
  });

  it("and is a bomb is refused before it is inflated", () => {
    const pickle = bytes(PROTO, tensor({ count: 2 ** 25, shape: [2 ** 25] }), STOP);
    const zeros = new Uint8Array(2 ** 27);
    const file = zipSync({ a: { "data.pkl": pickle, data: { "0": [zeros, { level: 9 }] } } });
    expect(file.length).toBeLessThan(200_000);
    expect(refusal_of(file as Uint8Array<ArrayBuffer>)).toContain("must fit into");
    const value = read_pt(file, { max_bytes: 2 ** 28 }) as unknown as { data: Float32Array };
    expect(value.data.length).toBe(2 ** 25);
  });

  it("and says less than it inflates to is refused", () => {
    const pickle = bytes(PROTO, tensor({}), STOP);
    const file = zipSync({
      a: { "data.pkl": pickle, data: { "0": [new Uint8Array(1000), { level: 9 }] } },
    });
    const view = new DataView(file.buffer);
    const record = find(file, CENTRAL, find(file, CENTRAL) + 4);
    view.setUint32(record + 24, 16, true);
    expect(refusal_of(file as Uint8Array<ArrayBuffer>)).toMatch(
      /cannot be inflated|checksum|must have 16 bytes/,
    );
  });
});

/** A safetensors file with this header. */
function safetensors(header: unknown, length = 0): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  return bytes(uint64(json.length), json, new Uint8Array(length));
}

describe("a safetensors file that is an attack", () => {
  const f32 = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
    dtype: "F32",
    shape,
    data_offsets: [begin, end],
  });
  test.each([
    [
      "has a header longer than itself",
      bytes(uint64(1e9), "{}"),
      "the header must have at most 2 bytes, got 1000000000",
    ],
    ["has a header of no JSON", safetensors("{,}"), "the header must be JSON"],
    ["has a list as its header", safetensors([]), "the header must be an object"],
    ["is very deep", safetensors("[".repeat(1e6)), "the header must be at most 3 deep"],
    ["has numbers twice", safetensors({ a: f32(0, 8), b: f32(4, 12) }, 12), '"b" must begin at 8'],
    ["has a hole", safetensors({ a: f32(0, 4), b: f32(8, 12) }, 12), '"b" must begin at 4'],
    [
      "has more numbers than it tells of",
      safetensors({ a: f32(0, 4) }, 12),
      "must have 12 bytes, got 4",
    ],
    [
      "has a tensor beyond itself",
      safetensors({ a: f32(0, 400) }, 12),
      "must stand within the 12 bytes",
    ],
    [
      "has another shape than length",
      safetensors({ a: f32(0, 12, [4]) }, 12),
      "must have 16 bytes for its shape, got 12",
    ],
    [
      "has a shape without bound",
      safetensors({ a: f32(0, 12, [2 ** 52, 2 ** 52]) }, 12),
      "bytes for its shape, got 12",
    ],
    [
      "has a negative offset",
      safetensors({ a: f32(-4, 4, [2]) }, 4),
      "all whole numbers from 0 on",
    ],
    [
      "has a dtype of no array",
      safetensors({ a: { ...f32(0, 4), dtype: "F8_E4M3" } }, 4),
      'got "F8_E4M3"',
    ],
    [
      "has metadata that are no text",
      safetensors({ __metadata__: { a: 1 } }),
      "__metadata__ must be an object of texts",
    ],
    [
      "has no entry under a name",
      safetensors({ a: null }),
      '"a" must have as its dtype one of F64',
    ],
  ])("and %s is refused", (_what, file, sentence) => {
    expect(refusal_of(file, read_safetensors)).toContain(sentence);
  });
});
