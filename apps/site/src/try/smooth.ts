/** How much of what came before stays in a smoothed loss. */
const KEPT = 0.9;
/** How many neighbours on each side count where all losses are known already. */
const REACH = 5;

/** Losses of batches as they come, each with what came before it in it. */
export function smoothed(losses: readonly number[]): number[] {
  let sum = 0;
  let weight = 0;
  return losses.map((loss) => {
    sum = KEPT * sum + (1 - KEPT) * loss;
    weight = KEPT * weight + (1 - KEPT);
    return sum / weight;
  });
}

/** Losses of batches with their neighbours in them, the nearer the more, so that nothing comes late. */
export function centred(losses: readonly number[]): number[] {
  return losses.map((_, i) => {
    let sum = 0;
    let weights = 0;
    const reach = Math.min(REACH, i, losses.length - 1 - i);
    for (let offset = -reach; offset <= reach; offset++) {
      const weight = reach + 1 - Math.abs(offset);
      sum += weight * losses[i + offset];
      weights += weight;
    }
    return sum / weights;
  });
}
