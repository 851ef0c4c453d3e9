export interface ScalarEvent {
  readonly tag: string;
  readonly value: number;
  readonly step: number;
}

/** The scalars in a TensorBoard event file; throws where a checksum or a length is wrong. */
export function readEvents(file: Buffer): ScalarEvent[] {
  const scalars: ScalarEvent[] = [];
  for (let start = 0; start < file.length; ) {
    const length = Number(file.readBigUInt64LE(start));
    const event = file.subarray(start + 12, start + 12 + length);
    check(file.subarray(start, start + 8), file.readUInt32LE(start + 8));
    check(event, file.readUInt32LE(start + 12 + length));
    start += 16 + length;

    const { 2: step = 0, 5: summary } = message(event);
    if (summary === undefined) continue;
    const { 1: tag, 2: value } = message(message(summary as Buffer)[1] as Buffer);
    scalars.push({ tag: String(tag), value: value as number, step: step as number });
  }
  return scalars;
}

/** The fields of a message by their numbers: floats, whole numbers, and bytes. */
function message(bytes: Buffer): Record<number, number | Buffer> {
  const fields: Record<number, number | Buffer> = {};
  let place = 0;
  const varint = () => {
    let [value, unit] = [0, 1];
    for (; bytes[place] >= 128; unit *= 128) value += (bytes[place++] - 128) * unit;
    return value + bytes[place++] * unit;
  };
  const skip = (length: number) => {
    place += length;
    return place - length;
  };
  const readers = new Map<number, () => number | Buffer>([
    [0, varint],
    [1, () => bytes.readDoubleLE(skip(8))],
    [2, () => Buffer.from(bytes.subarray(skip(varint()), place))],
    [5, () => bytes.readFloatLE(skip(4))],
  ]);
  while (place < bytes.length) {
    const key = varint();
    const read = readers.get(key % 8);
    if (!read) throw new Error(`a field of kind ${key % 8}`);
    fields[key >> 3] = read();
  }
  return fields;
}

function check(bytes: Buffer, masked: number): void {
  const rotated = (masked - 0xa282ead8) >>> 0;
  const expected = ((rotated >>> 17) | (rotated << 15)) >>> 0;
  if (crc32c(bytes) !== expected) throw new Error("a wrong checksum");
}

/** By dividing the bits, the lowest of each byte first, by Castagnoli's polynomial. */
export function crc32c(bytes: Uint8Array): number {
  const bits = [...bytes, 0, 0, 0, 0].flatMap((byte, i) =>
    Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) ^ (i < 4 ? 1 : 0)),
  );
  let rest = 0n;
  for (const bit of bits) {
    rest = (rest << 1n) | BigInt(bit);
    if (rest >> 32n) rest ^= 0x11edc6f41n;
  }
  const reversed = [...rest.toString(2).padStart(32, "0")].reverse().join("");
  return (Number.parseInt(reversed, 2) ^ 0xffffffff) >>> 0;
}
