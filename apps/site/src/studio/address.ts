import { decodeLink, encodeLink, LinkError } from "../link/link.ts";
import type { Shared } from "./studio.ts";

/** What a link to the studio holds, or what is wrong with it. */
export type Arrived =
  | { readonly shared: Shared; readonly refusal?: undefined }
  | { readonly shared?: undefined; readonly refusal: string | undefined };

/** For how many milliseconds nothing more may change, before the address says it: browsers bound how often. */
const REST = 200;

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

/** Lets the address follow what is shown, once that rests, or the page is left. */
export function makeAddress(shown: () => Shared) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    writeAddress(shown());
  };
  addEventListener("pagehide", write);
  return {
    change() {
      clearTimeout(timer);
      timer = setTimeout(write, REST);
    },
    stop() {
      // The address is another page's by now.
      clearTimeout(timer);
      removeEventListener("pagehide", write);
    },
  };
}

/** It takes the place of the one before: going back leaves the studio. What is too much leaves it as it is. */
function writeAddress(shared: Shared): void {
  const { pathname, search } = location;
  try {
    history.replaceState(history.state, "", `${pathname}${search}#${encodeLink(shared)}`);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
  }
}
