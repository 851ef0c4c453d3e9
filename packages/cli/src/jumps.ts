/** How many times as far as next to it a value must go for that to be a jump. */
const FAR = 3;

/**
 * Whether a curve jumps from an epoch to the next, as at a step or a restart: it goes much further
 * than before and after. Such a change is drawn upright, others as a slope.
 */
export function jumpsAfter(epoch: number, values: readonly number[]): boolean {
  const change = (from: number) => Math.abs(values[from + 1] - values[from]);
  if (epoch + 1 >= values.length || epoch === 0) return false;
  const before = change(epoch - 1);
  // At the end nobody knows how it goes on; around a summit it may be twice as steep.
  const after = epoch + 2 < values.length ? change(epoch + 1) : 2 * before;
  return change(epoch) > FAR * Math.max(before, after);
}
