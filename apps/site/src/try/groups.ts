import type { Group } from "digits/optimizer";
import { groups_of_spec, type Spec } from "torch-optim/lr_scheduler";

/** What the classifier's parameters are, in their order. */
const PARTS = ["hidden weights", "hidden biases", "output weights", "output biases"];
/** How a group is called that biases belong into. */
const BIASES = /bias|norm|no_?decay/i;

/** A group that a spec mentions, and the parts of the classifier that fall to it. */
export interface Share {
  readonly name: string | undefined;
  readonly parts: readonly number[];
}

/**
 * Deals the classifier's parameters out to the groups that a spec mentions: biases to those that are
 * called so, the others one after another, and what is left to the last.
 */
export function sharesOf(spec: Spec): Share[] {
  const names = groups_of_spec(spec).map(({ name }) => name);
  const isForBiases = (g: number) => BIASES.test(names[g] ?? "");
  const groups = names.map((_, g) => g);
  const forBiases = groups.filter(isForBiases);
  const forOthers = groups.filter((g) => !isForBiases(g));
  const owners = PARTS.map(() => 0);
  let dealt = 0;
  for (const [part, what] of PARTS.entries()) {
    const isBias = what.endsWith("biases");
    if (forOthers.length === 0 || (isBias && forBiases.length > 0)) {
      owners[part] = forBiases[0];
    } else {
      owners[part] = forOthers[Math.min(dealt, forOthers.length - 1)];
      dealt += 1;
    }
  }
  return names.map((name, g) => ({
    name,
    parts: PARTS.flatMap((_, part) => (owners[part] === g ? [part] : [])),
  }));
}

/** The parameters in the groups of their shares. */
export function dealOut<Parameter>(shares: readonly Share[], params: readonly Parameter[]) {
  return shares.map(({ name, parts }) => ({
    ...(name === undefined ? {} : { name }),
    params: parts.map((part) => params[part]),
  })) satisfies readonly (Omit<Group, "params"> & { params: readonly Parameter[] })[];
}

/** What falls to which group, as a sentence; none where there is one group. */
export function describeShares(shares: readonly Share[]): string | undefined {
  if (shares.length < 2) return undefined;
  const each = shares.map(({ name, parts }, g) => {
    const what = parts.map((part) => PARTS[part]).join(" and ") || "nothing";
    return `${name ?? `group ${g}`}: ${what}`;
  });
  return `The groups of the recipe: ${each.join("; ")}.`;
}
