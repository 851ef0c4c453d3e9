import { LinkError } from "./link_error.ts";

/** How many bytes are turned into characters in one call, well below what a call may be given. */
const CHUNK = 8192;

/** Bytes as text that needs no escapes in an address. */
export function toBase64url(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @throws LinkError if the text is no base64url. */
export function fromBase64url(text: string): Uint8Array {
  const [odd] = /[^A-Za-z0-9_-]/u.exec(text) ?? [];
  if (odd !== undefined) {
    throw new LinkError(`The link is broken: no link has the character ${JSON.stringify(odd)}.`);
  }
  // One character over is less than a byte.
  if (text.length % 4 === 1) throw new LinkError("The link is broken: its end is missing.");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
