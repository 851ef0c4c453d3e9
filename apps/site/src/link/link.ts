import { deflateSync } from "fflate";
import type { Shared } from "../studio/studio.ts";
import { fromBase64url, toBase64url } from "./base64url.ts";
import { inflateUpTo } from "./inflate_up_to.ts";
import { LinkError } from "./link_error.ts";
import { sharedOf, VERSION } from "./shared_data.ts";

export { LinkError };

/** As many bytes as a link may hold, unpacked. */
const MOST_BYTES = 1_000_000;
/** Packed, nothing is longer by more than a little; four characters hold three bytes. */
const LONGEST = 1.4 * MOST_BYTES;

/**
 * What the studio shows as the fragment of an address, without its `#`: base64url of deflated JSON.
 *
 * @throws LinkError if it is too much for a link.
 */
export function encodeLink({ plan, view, pins }: Shared): string {
  const shared = { v: VERSION, plan, view, pins };
  judge(shared);
  const json = new TextEncoder().encode(JSON.stringify(shared));
  if (json.length > MOST_BYTES) throw new LinkError("This is too much for a link: over 1 MB.");
  return toBase64url(deflateSync(json, { level: 9 }));
}

/**
 * Reads the fragment of an address, with its `#` or without. It may come from anyone: whatever it holds,
 * this ends at once, runs nothing of it, and gives back what was checked field by field, or refuses. The
 * spec is plain data with a `type`; it may be unsound, which `check_spec` then says.
 *
 * @throws LinkError, and nothing else, that says in a sentence what is wrong.
 */
export function decodeLink(fragment: string): Shared {
  const text = fragment.replace(/^#/, "");
  if (text === "") throw new LinkError("The link holds no schedule.");
  if (text.length > LONGEST) throw new LinkError("The link is too long.");
  return sharedOf(parse(inflateUpTo(MOST_BYTES, fromBase64url(text))));
}

/** Refuses what would be refused when it is read. */
function judge(shared: object): void {
  try {
    sharedOf(shared);
  } catch (error) {
    const { message } = error as LinkError;
    throw new LinkError(message.replace("The link is broken", "This cannot be a link"));
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new LinkError("The link is broken: what it holds is no JSON.");
  }
}
