/** What a scheduler needs of its optimizer, and what it notes in the parameter groups. */

/** A parameter group, as far as schedulers read and write it. */
export interface SchedulableGroup {
  /** The learning rate in force. */
  lr: number;
  /** The base lr: written by the first scheduler that reads it. */
  initial_lr?: number;
  /** The momentum in force, which the cyclic schedulers move. */
  momentum?: number;
  /** The betas in force, of which the cyclic schedulers move the first. */
  betas?: [number, number];
  /** The group's own momentum: noted by the first scheduler that cycles it. */
  initial_momentum?: number;
  /** The group's own betas: noted by the first scheduler that cycles them. */
  initial_betas?: [number, number];
}

/** Any optimizer, of this library or another: its parameter groups are all a scheduler asks for. */
export interface SchedulableOptimizer {
  /** The groups whose lr is moved, read at every step. */
  readonly param_groups: readonly SchedulableGroup[];
  /** Whether `step()` was ever called; optimizers that do not say are never warned about. */
  readonly stepped?: boolean;
}

/**
 * The lr of groups that a cyclic scheduler took over before any other scheduler read it: those set
 * the lr outright and never write `initial_lr`, and a scheduler built after them still finds the
 * group's own lr here.
 */
const own_lrs = new WeakMap<SchedulableGroup, number>();

export function keep_own_lr(group: SchedulableGroup, own_lr: number): void {
  own_lrs.set(group, own_lr);
}

/** The group's base lr. */
export function base_lr_of(group: SchedulableGroup): number {
  return group.initial_lr ?? own_lrs.get(group) ?? group.lr;
}

/** The lr in force of every group. */
export function lrs_of(groups: readonly SchedulableGroup[]): number[] {
  return groups.map((group) => group.lr);
}

/** The momentum in force: beta1 where the group has betas. */
export function momentum_of(group: SchedulableGroup): number | undefined {
  return group.betas ? group.betas[0] : group.momentum;
}

export function set_momentum(group: SchedulableGroup, momentum: number): void {
  if (group.betas) group.betas[0] = momentum;
  else group.momentum = momentum;
}

/** Notes the group's own momentum before it is cycled, once. */
export function keep_own_momentum(group: SchedulableGroup): void {
  if (!group.betas) {
    group.initial_momentum ??= group.momentum;
  } else if (!group.initial_betas) {
    group.initial_betas = [...group.betas];
    // Betas are written in place from here on, so they must be the group's alone.
    group.betas = [...group.betas];
  }
}

/** Puts a group back to its base lr and its own momentum. */
export function restore_base(group: SchedulableGroup, base_lr: number): void {
  group.lr = base_lr;
  restore_momentum(group);
}

/** Puts a group back to its own momentum, if a scheduler ever cycled it. */
export function restore_momentum(group: SchedulableGroup): void {
  const momentum = group.betas ? group.initial_betas?.[0] : group.initial_momentum;
  if (momentum !== undefined) set_momentum(group, momentum);
}
