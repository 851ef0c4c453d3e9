import { whole_number } from "../../../fields.ts";
import { option_table, resolve } from "../../../option_table.ts";
import {
  convert_lengths,
  type Lengths,
  type Quantity,
  quantity_of,
  round,
  type Stretch,
  steps_between,
} from "./lengths.ts";
import type { Problems } from "./problems.ts";

const COUNT = whole_number({ min: 1 });
/** How many totals are tried in all, to find those that would do. */
const MOST_TOTALS = 1e6;

/** The same numbers, or undefined where one is left out. */
export function checked_lengths(owner: string, lengths: Lengths): Lengths {
  const given = Object.entries(lengths).filter(([, value]) => value !== undefined);
  const table = option_table<Required<Lengths>>(owner, { total: COUNT, steps_per_epoch: COUNT });
  // Either may be left out.
  const whole = { total: 1, steps_per_epoch: 1, ...Object.fromEntries(given) };
  resolve(table, whole);
  return Object.fromEntries(given);
}

/** Data with numbers in place of shares and epochs; notes what cannot be resolved. */
export function resolve_lengths(data: unknown, lengths: Lengths, problems: Problems): unknown {
  const exact = (quantity: Quantity) => steps_of(quantity, lengths);
  const budget = { totals: MOST_TOTALS };
  return convert_lengths(data, {
    exact,
    quantity(value, path) {
      const quantity = quantity_of(value);
      // A number stays what it is, be it none that the option takes.
      if (!quantity || typeof value === "number") return undefined;
      if (quantity.percent > 100) {
        return problems.add(path, `must be a share of at most 100%, got ${quantity.percent}%`);
      }
      const missing = missing_of(quantity, lengths);
      if (missing) return problems.add(path, `needs ${missing}, got none`);
      return quantity;
    },
    judge: (stretch) => judge(stretch, lengths, budget, problems),
  });
}

function judge(
  stretch: Stretch,
  lengths: Lengths,
  budget: { totals: number },
  problems: Problems,
): void {
  const { begin, length, path, is_warmup } = stretch;
  const end = begin.percent + length.percent;
  if (length.percent === 0 || missing_of(length, lengths) || missing_of(begin, lengths)) return;
  if (end > 100 + 1e-9) {
    problems.add(path, `must end at 100% of the total, got ${Number(end.toPrecision(12))}%`);
    return;
  }
  const { total = 0 } = lengths;
  const exact = (quantity: Quantity) => steps_of(quantity, lengths);
  if (is_warmup || steps_between(begin, length, { exact }) > 0) return;
  // What is no share stays where it is.
  const from = steps_of({ ...begin, percent: 0 }, lengths);
  const to = from + steps_of({ ...length, percent: 0 }, lengths);
  const has_none = (least: number) =>
    round(to + (end * least) / 100) === round(from + (begin.percent * least) / 100);
  let least = total;
  for (; has_none(least) && budget.totals > 0; budget.totals--) least += 1;
  const would_do = has_none(least) ? "" : `; a total of ${least} would do`;
  problems.add(path, `has no step of ${total}${would_do}`);
}

function steps_of(
  { steps, percent, epochs }: Quantity,
  { total = Number.NaN, steps_per_epoch = Number.NaN }: Lengths,
): number {
  return (
    steps +
    (percent === 0 ? 0 : (percent * total) / 100) +
    (epochs === 0 ? 0 : epochs * steps_per_epoch)
  );
}

/** The number without which a quantity cannot be told. */
function missing_of(
  { percent, epochs }: Quantity,
  { total, steps_per_epoch }: Lengths,
): keyof Lengths | undefined {
  if (percent !== 0 && total === undefined) return "total";
  return epochs !== 0 && steps_per_epoch === undefined ? "steps_per_epoch" : undefined;
}
