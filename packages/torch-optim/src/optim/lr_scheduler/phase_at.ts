/**
 * The phase in force at an epoch, counted from 0: the number of `milestones`, in ascending order, that
 * are not above it.
 *
 * @example
 * ```ts
 * phase_at([10, 80], 9); // 0
 * phase_at([10, 80], 10); // 1
 * ```
 */
export function phase_at(milestones: readonly number[], epoch: number): number {
  let low = 0;
  let high = milestones.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (milestones[middle] <= epoch) low = middle + 1;
    else high = middle;
  }
  return low;
}
