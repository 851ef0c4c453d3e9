import type { Parts } from "../parts/parts.ts";
import { is_object } from "../parts/refuse.ts";

/**
 * What PyTorch's schedulers keep in the parameter groups, and ours in their own state: the lrs and
 * momentums of `OneCycleLR`, and the lr of `SWALR`. One entry for each group, or none at all.
 */
export function group_notes(scheduler: Parts["scheduler"]): Record<string, unknown>[] {
  if (!scheduler) return [];
  const children = Array.isArray(scheduler._schedulers) ? scheduler._schedulers : [];
  const notes = own_notes(scheduler);
  for (const child of children.filter(is_object)) {
    for (const [g, entries] of group_notes(child).entries()) notes[g] = { ...entries, ...notes[g] };
  }
  return notes;
}

function own_notes(scheduler: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  const { base_lrs, swa_lr, max_lrs, final_div_factor } = scheduler;
  if (!Array.isArray(base_lrs)) return [];
  if (swa_lr !== undefined) {
    return base_lrs.map((_, g) => ({ swa_lr: Array.isArray(swa_lr) ? swa_lr[g] : swa_lr }));
  }
  if (typeof final_div_factor !== "number" || !Array.isArray(max_lrs)) return [];
  return base_lrs.map((low, g) => {
    const lrs = { initial_lr: low, max_lr: max_lrs[g], min_lr: low / final_div_factor };
    return { ...lrs, ...momentum_notes(scheduler, g) };
  });
}

function momentum_notes(
  { cycle_momentum, base_momentums, max_momentums }: Readonly<Record<string, unknown>>,
  g: number,
): object {
  const are_there = cycle_momentum && Array.isArray(base_momentums) && Array.isArray(max_momentums);
  return are_there ? { max_momentum: max_momentums[g], base_momentum: base_momentums[g] } : {};
}
