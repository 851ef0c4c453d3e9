/** A parameter group as PyTorch's schedulers know it, with what they keep in it for one another. */
export interface Group {
  lr: number;
  initialLr?: number;
  maxLr?: number;
  minLr?: number;
  swaLr?: number;
}

/** The optimizer that all schedulers of a tree share. */
export interface Optimizer {
  /** The lr that it was built with, whatever its groups have. */
  readonly defaultLr: number;
  readonly groups: readonly Group[];
}

export function lrsOf({ groups }: Optimizer): number[] {
  return groups.map(({ lr }) => lr);
}

export function writeLrs({ groups }: Optimizer, lrs: readonly number[]): void {
  for (const [g, group] of groups.entries()) group.lr = lrs[g];
}
