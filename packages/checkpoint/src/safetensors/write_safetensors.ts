import type { Values } from "../checkpoint.ts";
import { refuse } from "../parts/refuse.ts";
import { tensor_of } from "../parts/tensor_of.ts";
import { to_bytes } from "../sink.ts";
import { KINDS, type Tensor } from "../tensor.ts";
import type { Plan } from "../zip/write_zip.ts";

const METADATA = "__metadata__";
/** Headers end at a multiple of this, so that the numbers after them do as well. */
const ALIGNMENT = 8;
const UTF_8 = new TextEncoder();

/**
 * Writes tensors as a `.safetensors` file, which every library of that format reads.
 *
 * @param metadata - Texts that stand beside them.
 * @throws TypeError or RangeError that names the tensor.
 */
export function write_safetensors(
  tensors: { readonly [name: string]: Values },
  metadata: { readonly [key: string]: string } = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors).map(([name, values]): [string, Tensor] => [
    name,
    tensor_of(`write_safetensors: ${name}`, values),
  ]);
  return to_bytes(plan_safetensors("write_safetensors", new Map(entries), metadata));
}

/** The file of some tensors; `owner` begins the sentence that refuses one. */
export function plan_safetensors(
  owner: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: { readonly [key: string]: string },
): Plan {
  if (tensors.has(METADATA)) refuse(`${owner}: ${METADATA}`, "a name for texts alone", "a tensor");
  // The larger ones first, so that all stand at multiples of their size.
  const sorted = [...tensors].sort(([, a], [, b]) => KINDS[b.dtype].size - KINDS[a.dtype].size);
  const header: [string, object][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  const arrays: Uint8Array<ArrayBuffer>[] = [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    // `tensor_of` has seen that it fits.
    const bytes = KINDS[dtype].encode(data) as Uint8Array<ArrayBuffer>;
    const begin = end;
    end += bytes.length;
    header.push([name, { dtype: KINDS[dtype].word, shape, data_offsets: [begin, end] }]);
    arrays.push(bytes);
  }
  const first = framed(JSON.stringify(Object.fromEntries(header)));
  const pieces = function* () {
    yield first;
    yield* arrays;
  };
  return { size: first.length + end, pieces };
}

/** A header after its length, filled up with spaces. */
function framed(json: string): Uint8Array<ArrayBuffer> {
  const text = UTF_8.encode(json);
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(ALIGNMENT + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, ALIGNMENT);
  return bytes;
}
