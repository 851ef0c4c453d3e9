import { node_module } from "./platform.ts";

/** The checksum of a zip entry; `before` is that of the bytes before these. */
export const crc32: (bytes: Uint8Array, before?: number) => number =
  node_module("node:zlib")?.crc32 ?? crc32_in_javascript;

/** How many bytes are taken at a time. */
const WIDTH = 16;
let made: Uint32Array | undefined;

/**
 * Table `k` tells what a byte does to the checksum with `k` bytes after it, so that sixteen bytes are
 * taken without waiting for one another. Source: Kounavis and Berry, "A systematic approach to
 * building high performance software-based CRC generators" (2005).
 */
function tables(): Uint32Array {
  if (made) return made;
  made = new Uint32Array(WIDTH * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    made[byte] = crc;
  }
  for (let i = 256; i < made.length; i++)
    made[i] = (made[i - 256] >>> 8) ^ made[made[i - 256] & 255];
  return made;
}

/** The same where there is no Node.js. */
export function crc32_in_javascript(bytes: Uint8Array, before = 0): number {
  const t = tables();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % WIDTH);
  let crc = ~before;
  for (let i = 0; i < whole; i += WIDTH) {
    const a = view.getInt32(i, true) ^ crc;
    const b = view.getInt32(i + 4, true);
    const c = view.getInt32(i + 8, true);
    const d = view.getInt32(i + 12, true);
    crc =
      t[3840 + (a & 255)] ^
      t[3584 + ((a >>> 8) & 255)] ^
      t[3328 + ((a >>> 16) & 255)] ^
      t[3072 + (a >>> 24)] ^
      t[2816 + (b & 255)] ^
      t[2560 + ((b >>> 8) & 255)] ^
      t[2304 + ((b >>> 16) & 255)] ^
      t[2048 + (b >>> 24)] ^
      t[1792 + (c & 255)] ^
      t[1536 + ((c >>> 8) & 255)] ^
      t[1280 + ((c >>> 16) & 255)] ^
      t[1024 + (c >>> 24)] ^
      t[768 + (d & 255)] ^
      t[512 + ((d >>> 8) & 255)] ^
      t[256 + ((d >>> 16) & 255)] ^
      t[d >>> 24];
  }
  for (let i = whole; i < bytes.length; i++) crc = (crc >>> 8) ^ t[(crc ^ bytes[i]) & 255];
  return ~crc >>> 0;
}
