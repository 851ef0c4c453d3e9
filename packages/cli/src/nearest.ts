import { closest, distance } from "fastest-levenshtein";
import { printable } from "./printable.ts";
import { WrongUsage } from "./refusal.ts";

/** Refuses a name that is none of those there are, with the one that was likely meant. */
export function mustBeKnown(
  what: string,
  name: string,
  names: readonly string[],
  command: string,
): void {
  if (names.includes(name)) return;
  const near = nearest(name, names);
  const hint = near === undefined ? `\`${command}\` has them all` : `did you mean "${near}"?`;
  throw new WrongUsage(`no ${what} is called "${printable(name)}"; ${hint}`);
}

function nearest(name: string, names: readonly string[]): string | undefined {
  const begun = names.find((one) => one.toLowerCase().startsWith(name.toLowerCase()));
  if (begun !== undefined && name !== "") return begun;
  const near = closest(name, names);
  return distance(name, near) <= Math.max(2, name.length / 3) ? near : undefined;
}
