import { numberOf, unknown, type Value } from "./values.ts";

/** As many items as a list of a snippet may have. */
const MOST_ITEMS = 10_000;

/** What Python makes of two numbers. */
const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": (a, b) => Math.floor(a / b),
  "%": (a, b) => a - b * Math.floor(a / b),
  "**": (a, b) => a ** b,
};

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/** The value of an operation; that of an operand that is not known where it has none. */
export function operate(sign: string, a: Value, b: Value, position: number): Value {
  if (a.kind === "number" && b.kind === "number")
    return calculate(sign, a.value, b.value, position);
  if (sign === "+" && a.kind === "list" && b.kind === "list") {
    return listOf([...a.items, ...b.items], position);
  }
  if (sign === "*" && a.kind === "list" && b.kind === "number")
    return repeat(a.items, b.value, position);
  if (sign === "*" && a.kind === "number" && b.kind === "list")
    return repeat(b.items, a.value, position);
  if (a.kind === "unknown" || a.kind === "path") return a;
  if (b.kind === "unknown" || b.kind === "path") return b;
  return unknown(`this "${sign}" cannot be worked out`, position);
}

function calculate(sign: string, a: number, b: number, position: number): Value {
  if (Object.hasOwn(COMPARISONS, sign)) return { kind: "constant", value: COMPARISONS[sign](a, b) };
  if (!Object.hasOwn(OPERATORS, sign)) return unknown(`"${sign}" cannot be read here`, position);
  if (b === 0 && ["/", "//", "%"].includes(sign)) return unknown("this divides by 0", position);
  return numberOf(OPERATORS[sign](a, b));
}

export function listOf(items: readonly Value[], position: number): Value {
  if (items.length > MOST_ITEMS) return unknown("this list is too long to be read", position);
  return { kind: "list", items };
}

function repeat(items: readonly Value[], times: number, position: number): Value {
  const count = Math.max(0, Math.floor(times));
  if (!(items.length * count <= MOST_ITEMS)) {
    return unknown("this list is too long to be read", position);
  }
  return listOf(Array.from({ length: count }, () => items).flat(), position);
}

/** Python's own functions of numbers, and those of `math` that a length or an lr is worked out with. */
const FUNCTIONS: Readonly<Record<string, (...numbers: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  exp: Math.exp,
  float: (x) => x,
  floor: Math.floor,
  int: Math.trunc,
  item: (x) => x,
  log: (x, base = Math.E) => Math.log(x) / Math.log(base),
  log10: Math.log10,
  log2: Math.log2,
  max: (...numbers) => numbers.reduce((a, b) => Math.max(a, b)),
  min: (...numbers) => numbers.reduce((a, b) => Math.min(a, b)),
  pow: (x, y) => x ** y,
  prod: (...numbers) => numbers.reduce((a, b) => a * b, 1),
  round: rounded,
  sqrt: Math.sqrt,
  sum: (...numbers) => numbers.reduce((a, b) => a + b, 0),
  tensor: (x) => x,
};

/** Python rounds a half to the even number. */
function rounded(x: number, digits = 0): number {
  const scaled = x * 10 ** digits;
  const floor = Math.floor(scaled);
  const isHalf = scaled - floor === 0.5;
  const whole = isHalf ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled);
  return whole / 10 ** digits;
}

/** The value of a call of one of these functions, if it is one and its arguments are known. */
export function callFunction(
  name: string,
  args: readonly Value[],
  position: number,
): Value | undefined {
  const [first] = args;
  const items = args.length === 1 && first.kind === "list" ? first.items : args;
  if (name === "len" && first?.kind === "list") return numberOf(first.items.length);
  if (name === "list" || name === "tuple") return first?.kind === "list" ? first : undefined;
  const numbers = items.flatMap((item) => (item.kind === "number" ? [item.value] : []));
  if (numbers.length === 0 || numbers.length < items.length) return undefined;
  if (name === "range") return rangeOf(numbers, position);
  return Object.hasOwn(FUNCTIONS, name) ? numberOf(FUNCTIONS[name](...numbers)) : undefined;
}

export function isFunction(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name) || ["len", "list", "range", "tuple"].includes(name);
}

function rangeOf(numbers: readonly number[], position: number): Value {
  const [start, stop] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const step = numbers[2] ?? 1;
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (!(count <= MOST_ITEMS)) return unknown("this range is too long to be read", position);
  return listOf(
    Array.from({ length: count }, (_, i) => numberOf(start + i * step)),
    position,
  );
}
