import { to_bytes } from "../../src/sink.ts";
import { plan_zip } from "../../src/zip/write_zip.ts";

const UTF_8 = new TextEncoder();

export type Part = number | string | Uint8Array;

/** Bytes from numbers and texts. */
export function bytes(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === "number") return [part];
      return [...(typeof part === "string" ? UTF_8.encode(part) : part)];
    }),
  );
}

/** A whole number in four bytes, or in eight. */
export function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

export function uint64(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

/** An archive of PyTorch with this pickle, and these entries. */
export function archive(
  pickle: Uint8Array<ArrayBuffer>,
  entries: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {},
): Uint8Array<ArrayBuffer> {
  const all = { "data.pkl": pickle, version: UTF_8.encode("3\n"), ...entries };
  return to_bytes(
    plan_zip(Object.entries(all).map(([name, content]) => ({ name: `a/${name}`, bytes: content }))),
  );
}

export const PROTO = bytes(0x80, 2);
export const STOP = 0x2e;

export function text(value: string): Uint8Array {
  return bytes(0x58, uint32(UTF_8.encode(value).length), value);
}

export function global(module: string, name: string): Uint8Array {
  return bytes("c", module, "\n", name, "\n");
}

/** A whole number as LONG1. */
export function whole(value: number): Uint8Array {
  return bytes(0x8a, 8, uint64(value));
}

export function tuple(...items: readonly Uint8Array[]): Uint8Array {
  return bytes("(", ...items, "t");
}

/** A tensor of a storage. */
export function tensor({
  key = "0",
  storage = "FloatStorage",
  count = 4,
  offset = 0,
  shape = [4],
  strides = [1],
}: {
  key?: string;
  storage?: string;
  count?: number;
  offset?: number;
  shape?: readonly number[];
  strides?: readonly number[];
}): Uint8Array {
  const id = tuple(text("storage"), global("torch", storage), text(key), text("cpu"), whole(count));
  const sizes = (numbers: readonly number[]) => tuple(...numbers.map(whole));
  const hooks = bytes(global("collections", "OrderedDict"), ")", "R");
  const args = tuple(
    bytes(id, "Q"),
    whole(offset),
    sizes(shape),
    sizes(strides),
    bytes(0x89),
    hooks,
  );
  return bytes(global("torch._utils", "_rebuild_tensor_v2"), args, "R");
}
