type Kind =
  | "AttributeError"
  | "KeyError"
  | "NotImplementedError"
  | "OverflowError"
  | "TypeError"
  | "ValueError"
  | "ZeroDivisionError";

/** What PyTorch ends with in place of a curve. */
export class PythonError extends Error {
  /**
   * @param kind - The name of Python's class.
   * @param what - What went wrong, in a few words.
   * @param reason - What PyTorch does there, and why the library does otherwise.
   */
  constructor(
    readonly kind: Kind,
    what: string,
    readonly reason: string,
  ) {
    super(`${kind}: ${what}`);
  }
}

/** What a spec says that PyTorch has nothing for, so that there is no curve of it. */
export class BeyondPyTorch extends Error {}

/** A division as Python has it, which refuses a divisor of 0. */
export function divide(a: number, b: number, reason: string): number {
  if (b === 0) throw new PythonError("ZeroDivisionError", "division by zero", reason);
  return a / b;
}

/** A power as Python has it, which refuses what is too large for a number. */
export function power(base: number, exponent: number): number {
  const result = base ** exponent;
  if (Math.abs(result) === Number.POSITIVE_INFINITY && Number.isFinite(base)) {
    throw new PythonError(
      "OverflowError",
      "result too large",
      "PyTorch computes a power that is too large for a number, and stops. " +
        "Here the step that would lead beyond all numbers is refused, and nothing has moved.",
    );
  }
  return result;
}
