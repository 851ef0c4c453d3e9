import { from_bfloat16, from_float16, to_bfloat16, to_float16 } from "./half.ts";

/** The arrays that a tensor's numbers stand in. */
export type TensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** What a tensor's numbers are, in PyTorch's words. */
export type DType =
  | "float64"
  | "float32"
  | "float16"
  | "bfloat16"
  | "int64"
  | "uint64"
  | "int32"
  | "uint32"
  | "int16"
  | "uint16"
  | "int8"
  | "uint8"
  | "bool";

/** Numbers with a shape. */
export interface Tensor {
  /** What they are in the file. */
  dtype: DType;
  /** The size of every dimension; none for a single number. */
  shape: number[];
  /** Row by row; float16 and bfloat16 as float32, bool as 0 and 1. */
  data: TensorData;
}

/** How numbers of one kind stand in files and in memory. */
export interface Kind {
  /** Bytes a number. */
  readonly size: number;
  /** What PyTorch calls a storage of them, where it has a name for it. */
  readonly storage?: string;
  /** What safetensors calls them. */
  readonly word: string;
  /** The numbers from their bytes, which they share if they can. */
  readonly decode: (bytes: Uint8Array<ArrayBuffer>) => TensorData;
  /** The bytes of numbers, which they share if they can; nothing if the array is of another kind. */
  readonly encode: (data: TensorData) => Uint8Array<ArrayBuffer> | undefined;
  /** Whether memory holds them otherwise than files, and so twice as many bytes. */
  readonly is_half?: boolean;
}

type ArrayClass = (new (
  buffer: ArrayBuffer,
  offset: number,
  length: number,
) => TensorData) & { readonly BYTES_PER_ELEMENT: number };

function kind(word: string, array: ArrayClass, storage?: string): Kind {
  const size = array.BYTES_PER_ELEMENT;
  return {
    size,
    word,
    storage,
    decode: (bytes) => new array(bytes.buffer, bytes.byteOffset, bytes.length / size),
    encode: (data) => (data.constructor === array ? bytes_of(data) : undefined),
  };
}

function half(
  word: string,
  storage: string,
  from: (halves: Uint16Array) => Float32Array,
  to: (floats: Float32Array) => Uint16Array,
): Kind {
  return {
    size: 2,
    word,
    storage,
    is_half: true,
    decode: ({ buffer, byteOffset, length }) =>
      from(new Uint16Array(buffer, byteOffset, length / 2)),
    encode: (data) => (data instanceof Float32Array ? bytes_of(to(data)) : undefined),
  };
}

export const KINDS: Readonly<Record<DType, Kind>> = {
  float64: kind("F64", Float64Array, "DoubleStorage"),
  float32: kind("F32", Float32Array, "FloatStorage"),
  float16: half("F16", "HalfStorage", from_float16, to_float16),
  bfloat16: half("BF16", "BFloat16Storage", from_bfloat16, to_bfloat16),
  int64: kind("I64", BigInt64Array, "LongStorage"),
  uint64: kind("U64", BigUint64Array),
  int32: kind("I32", Int32Array, "IntStorage"),
  uint32: kind("U32", Uint32Array),
  int16: kind("I16", Int16Array, "ShortStorage"),
  uint16: kind("U16", Uint16Array),
  int8: kind("I8", Int8Array, "CharStorage"),
  uint8: kind("U8", Uint8Array, "ByteStorage"),
  bool: kind("BOOL", Uint8Array, "BoolStorage"),
};

const NAMES = Object.keys(KINDS) as DType[];

export function is_dtype(name: string): name is DType {
  return Object.hasOwn(KINDS, name);
}

/** Whether it is numbers with a shape, as parameters are, be they without a dtype. */
export function is_tensor(value: unknown): value is Tensor {
  const { data, shape } = Object(value);
  return ArrayBuffer.isView(data) && Array.isArray(shape);
}

/** The dtype with this word of safetensors. */
export function dtype_of_word(word: unknown): DType | undefined {
  return NAMES.find((name) => KINDS[name].word === word);
}

/** The dtype with this storage of PyTorch. */
export function dtype_of_storage(storage: string): DType | undefined {
  return NAMES.find((name) => KINDS[name].storage === storage);
}

/** The dtype that an array has by itself. */
export function dtype_of(data: TensorData): DType | undefined {
  return NAMES.find((name) => !KINDS[name].is_half && KINDS[name].encode(data) !== undefined);
}

/** The bytes of an array, which share its memory. */
export function bytes_of({
  buffer,
  byteOffset,
  byteLength,
}: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** How many numbers a shape has room for. */
export function numel(shape: readonly number[]): number {
  // Sizes out of a file may be so large that their product is infinite, which times 0 is no number.
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}
