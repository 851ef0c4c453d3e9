import { writeChanges } from "./changes.ts";
import { writeReference } from "./reference/write_reference.ts";

/** Writes the pages that are made of the library: its reference, and its versions and changes. */
export async function writePages(): Promise<void> {
  writeChanges();
  await writeReference();
}
