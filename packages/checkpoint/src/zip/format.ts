/** The records of a zip archive, by their first four bytes. Source: PKWARE, APPNOTE.TXT, 4.3. */
export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
export const END_64 = 0x06064b50;
export const LOCATOR_64 = 0x07064b50;

/** The lengths of their fixed parts. */
export const LOCAL_LENGTH = 30;
export const CENTRAL_LENGTH = 46;
export const END_LENGTH = 22;
export const END_64_LENGTH = 56;
export const LOCATOR_64_LENGTH = 20;

/** Where these stand, the number is elsewhere, since it is too large. */
export const FULL_16 = 0xffff;
export const FULL_32 = 0xffffffff;

/** The extra field that holds the large numbers of an entry. */
export const EXTRA_64 = 1;

export const STORED = 0;
export const DEFLATED = 8;

export function view_of(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
