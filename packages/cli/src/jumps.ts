/** How many times as far as next to it a value must go for that to be a jump. */
const FAR = 3;

/**
 * Whether a curve jumps from an epoch to the next, as at a step or a restart: it goes much further
 * than before and after. Such a change is drawn upright, others as a slope.
 */
export function jumpsAfter(epoch: number, values: readonly number[]): boolean {
  const change = (from: number) => Math.abs((values[from + 1] ?? values[from]) - values[from]);
  const before = epoch === 0 ? change(0) : change(epoch - 1);
  return change(epoch) > FAR * Math.max(before, change(epoch + 1));
}
