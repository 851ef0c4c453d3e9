import { whole_number } from "../../../fields.ts";
import { option_table, resolve } from "../../../option_table.ts";
import type { Counts } from "../catalogue.ts";
import { sound_spec } from "./check_spec.ts";
import { convert_lengths, type Quantity, quantity_of } from "./lengths.ts";
import type { Spec } from "./recipe_spec.ts";
import { entry_of, fields_of_type } from "./registry.ts";
import { SpecError } from "./spec_error.ts";
import { spec_length } from "./spec_length.ts";

const OPTIONS = option_table<{ total: number }>("stretch_spec", {
  total: whole_number({ min: 1 }),
});

/**
 * The same schedule, longer or shorter: every option that counts epochs becomes `total / length` times
 * what it is, those that have their default too. A length `n` that begins at `s` becomes
 * `round(s + n) - round(s)` of the new steps, a period `round(n)`, at least 1 where that is the least it
 * may be. A `gamma` that counts per epoch becomes `gamma^(length / total)`; all other factors stay.
 *
 * @throws SpecError if the spec is wrong, has no length, or holds a class that does not say which of its
 *   options count epochs; RangeError or TypeError unless `total` is a whole number of at least 1.
 * @example
 * ```ts
 * stretch_spec(parse_spec("linear:10 > cosine:90"), { total: 1000 });
 * // what parse_spec("linear:100 > cosine:900") gives, and the default start_factor stays
 * ```
 */
export function stretch_spec<Written extends Spec>(
  spec: Written,
  options: { total: number },
): Written {
  const { total } = resolve(OPTIONS, options);
  const length = spec_length(spec);
  if (!length) refuse("spec", "has no length, so it cannot be stretched");
  const scale = total / length;
  const stretched = convert_lengths(sound_spec(spec), {
    exact: ({ steps }: Quantity) => steps * scale,
    quantity: (value) => (typeof value === "number" ? quantity_of(value) : undefined),
    scheduler: (own, counts, path) => with_defaults(own, counts, path, scale),
  });
  return sound_spec(at_least_1(stretched)) as unknown as Written;
}

/** What a scheduler has by default, and its gamma if that counts per epoch. */
function with_defaults(
  own: Record<string, unknown>,
  counts: Counts,
  path: string,
  scale: number,
): object {
  const { type, gamma, mode, epochs, steps_per_epoch } = own;
  if (entry_of(type)?.counts === undefined) {
    refuse(path || "spec", `does not say which options of ${type} count epochs, as register() can`);
  }
  const fields = fields_of_type(type);
  const added: Record<string, unknown> = {};
  for (const option of Object.keys(counts)) {
    const fallback = fields[option]?.default;
    if (own[option] === undefined && typeof fallback === "number") added[option] = fallback;
  }
  const counts_gamma = type === "ExponentialLR" || (type === "CyclicLR" && mode === "exp_range");
  if (counts_gamma && typeof gamma === "number") added.gamma = gamma ** (1 / scale);
  if (type === "OneCycleLR" && typeof epochs === "number" && typeof steps_per_epoch === "number") {
    Object.assign(added, {
      total_steps: own.total_steps ?? epochs * steps_per_epoch,
      epochs: undefined,
      steps_per_epoch: undefined,
    });
  }
  return added;
}

/** Puts 1 where 0 is no value, and leaves out what is undefined. */
function at_least_1(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(at_least_1);
  if (typeof data !== "object" || data === null) return data;
  const { type } = data as { type?: unknown };
  const fields = fields_of_type(type);
  const entries = Object.entries(data).flatMap(([key, value]): [string, unknown][] => {
    if (value === undefined) return [];
    const is_too_few = value === 0 && Object.hasOwn(fields, key) && !fields[key].valid(0, 1);
    return [[key, is_too_few ? 1 : at_least_1(value)]];
  });
  return Object.fromEntries(entries);
}

function refuse(path: string, message: string): never {
  throw new SpecError([{ path, message }]);
}
