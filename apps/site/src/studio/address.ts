import { decodeLink, encodeLink, LinkError } from "../link/link.ts";
import type { Shared } from "./studio.ts";

/** What a link to the studio holds, or what is wrong with it. */
export type Arrived =
  | { readonly shared: Shared; readonly refusal?: undefined }
  | { readonly shared?: undefined; readonly refusal: string | undefined };

/** Reads the address that the page was opened with. */
export function readAddress(fragment: string): Arrived {
  if (fragment.length < 2) return { refusal: undefined };
  try {
    return { shared: decodeLink(fragment) };
  } catch (error) {
    if (error instanceof LinkError) return { refusal: error.message };
    throw error;
  }
}

/**
 * Lets the address say what is shown. It takes the place of the one before: going back leaves the studio.
 * What is too much for a link leaves the address as it is.
 */
export function writeAddress(shared: Shared): void {
  const { pathname, search } = location;
  try {
    history.replaceState(history.state, "", `${pathname}${search}#${encodeLink(shared)}`);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
  }
}
