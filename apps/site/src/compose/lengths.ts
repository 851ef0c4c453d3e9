import type { Plan } from "../studio/plan.ts";

/** What a plan's lengths are counted by. */
export type Counted = Pick<Plan, "total" | "stepsPerEpoch">;

/** More steps than any number can count one by one. */
const MOST_STEPS = Number.MAX_SAFE_INTEGER;
const WRITTEN = /^(\d+(?:\.\d*)?|\.\d+)(%|ep)$/;
/** As many digits as a share is written with at most. */
export const MOST_DIGITS = 12;

/** The exact steps of a written length; nothing where they cannot be told. */
export function stepsOf(length: unknown, { total, stepsPerEpoch }: Counted): number | undefined {
  if (typeof length === "number") return Math.abs(length) <= MOST_STEPS ? length : undefined;
  const [, amount, unit] = (typeof length === "string" && WRITTEN.exec(length)) || [];
  if (amount === undefined) return undefined;
  if (unit === "%") return total === undefined ? undefined : (Number(amount) * total) / 100;
  return stepsPerEpoch === undefined ? undefined : Number(amount) * stepsPerEpoch;
}

/** The nearest whole number; a half is rounded up, as the library does it. */
export function round(steps: number): number {
  return Math.floor(steps + 0.5);
}

/** Whether a length is a share or counts epochs. */
export function isWritten(length: unknown): length is string {
  return typeof length === "string" && WRITTEN.test(length);
}

/**
 * A number of steps in the unit of another length, with as few digits as tell it.
 *
 * @param begin - Where it begins, exactly: a length ends at a whole step of the whole schedule.
 */
export function writtenLike(
  old: unknown,
  steps: number,
  begin: number,
  counted: Counted,
): number | string {
  const [, , unit] = (typeof old === "string" && WRITTEN.exec(old)) || [];
  const one = unit === undefined ? undefined : stepsOf(`1${unit}`, counted);
  if (!one) return steps;
  const end = round(begin) + steps;
  const exact = (end - begin) / one;
  for (let digits = 0; digits <= MOST_DIGITS; digits++) {
    const amount = Number(exact.toFixed(digits));
    if (amount >= 0 && round(begin + amount * one) === end) return `${plain(amount)}${unit}`;
  }
  return steps;
}

/** A number without an exponent, which lengths do not have. */
export function plain(amount: number): string {
  return String(amount).includes("e")
    ? amount.toFixed(MOST_DIGITS).replace(/\.?0+$/, "")
    : String(amount);
}
