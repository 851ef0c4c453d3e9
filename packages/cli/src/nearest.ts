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
  const near = closest(name, names);
  if (distance(name, near) <= Math.max(1, name.length / 3)) return near;
  return names.find((one) => name !== "" && one.toLowerCase().startsWith(name.toLowerCase()));
}
