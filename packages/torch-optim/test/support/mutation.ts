import fc from "fast-check";

/** One thing that someone, or a broken disk, does to a state or to options. */
export interface Mutation {
  readonly kind: "delete" | "put" | "add" | "swap" | "graft";
  /** Chooses the place, and for two of the kinds another one. */
  readonly at: number;
  readonly from: number;
  /** A key that nobody reads. */
  readonly key: string;
  readonly value: unknown;
}

interface Place {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

const FOREIGN_KEYS = ["__proto__", "constructor", "prototype", "toString", "foreign", "0"];

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { _schedulers: value };
  return value;
}

/** Values that no state should hold, or not at any place. */
const junk = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown[]>(
      ...[Number.NaN, Infinity, -Infinity, -1, -0, 0, 0.5, 1, 2, 7, 2.5, 1e-300, 1e300, 2 ** 53],
      ...["", "1", "NaN", "Infinity", "-Infinity", "__proto__", true, false, null, undefined, 1n],
    ),
  },
  fc
    .constantFrom<(() => unknown)[]>(
      () => [],
      () => ({}),
      () => [1],
      () => [1, 1],
      () => [-1, -1],
      () => [Number.NaN, 1],
      () => ["1", "1"],
      () => [null, null],
      () => [1, 2, 3],
      () => [3, 2, 1],
      () => new Array(2),
      () => ({ 0: 1, 1: 1, length: 2 }),
      () => ({ 3: 1e9 }),
      () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}'),
      () => () => 1,
      () => new Date(0),
      () => new Map([[0, 1]]),
      () => nested(50_000),
    )
    .map((make) => make()),
);

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("delete", "put", "put", "put", "put", "add", "swap", "graft"),
  at: fc.nat(),
  from: fc.nat(),
  key: fc.constantFrom(...FOREIGN_KEYS),
  value: junk,
});

/** Every key of an object and of what is inside it, down to what a tree of schedulers can have. */
function places(object: object, depth = 12): Place[] {
  return Object.keys(object).flatMap((key) => {
    const parent = object as Record<string, unknown>;
    const value = parent[key];
    const is_deeper = typeof value === "object" && value !== null && depth > 0;
    return [{ parent, key }, ...(is_deeper ? places(value, depth - 1) : [])];
  });
}

/** Does a mutation to a plain object that may be changed. */
export function mutate(object: object, { kind, at, from, key, value }: Mutation): void {
  const all = places(object);
  if (all.length === 0) return;
  const place = all[at % all.length];
  const other = all[from % all.length];
  if (kind === "delete") delete place.parent[place.key];
  else if (kind === "put") place.parent[place.key] = value;
  else if (kind === "graft") place.parent[place.key] = other.parent[other.key];
  else if (kind === "add") {
    const own = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(place.parent, key, own);
  } else {
    const moved = place.parent[place.key];
    place.parent[place.key] = other.parent[other.key];
    other.parent[other.key] = moved;
  }
}
