/** One value for all parameter groups, or a list with one for each. */
export type PerGroup = number | readonly number[];

/** The value of group `g`. */
export function value_of(option: PerGroup, g: number): number {
  return typeof option === "number" ? option : option[g];
}

/** A list of equal values as the one value, so that further groups can join. */
export function shared(list: unknown): unknown {
  const is_shared = Array.isArray(list) && list.length > 0 && list.every((x) => x === list[0]);
  return is_shared ? list[0] : list;
}
