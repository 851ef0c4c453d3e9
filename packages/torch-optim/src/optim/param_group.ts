/**
 * Parameter groups as schedulers see them. Everything that a scheduler reads of a group and writes to
 * one, it reads and writes here.
 */
import { refuse } from "../refusal.ts";

/** A parameter group, as far as schedulers read and write it. */
export interface SchedulableGroup {
  /** The learning rate in force. */
  lr: number;
  /** The base lr: written by the first scheduler that reads it. */
  initial_lr?: number;
  momentum?: number;
  betas?: [number, number];
  /** The group's own momentum and betas: noted by the first scheduler that cycles them. */
  initial_momentum?: number;
  initial_betas?: [number, number];
}

/** Any optimizer, of this library or another: its parameter groups are all a scheduler asks for. */
export interface SchedulableOptimizer {
  readonly param_groups: readonly SchedulableGroup[];
  /** Whether `step()` was ever called; optimizers that do not say are never warned about. */
  readonly stepped?: boolean;
}

type Groups = readonly SchedulableGroup[];

const OWN_LRS = Symbol.for("torch-optim.own_lrs");

/**
 * The lr of groups that a cyclic scheduler took over before any other scheduler read it: those set
 * the lr outright and never write `initial_lr`, and a scheduler built after them still finds the
 * group's own lr here. All copies of this library in a program share it.
 */
function own_lrs(): WeakMap<SchedulableGroup, number> {
  const home = globalThis as { [OWN_LRS]?: WeakMap<SchedulableGroup, number> };
  home[OWN_LRS] ??= new WeakMap();
  return home[OWN_LRS];
}

/** The group's base lr. */
export function base_lr_of(group: SchedulableGroup): number {
  return group.initial_lr ?? own_lrs().get(group) ?? group.lr;
}

/** Lets schedulers that are built later find the base lr, in the group; gives what takes it back. */
export function note_base_lr(group: SchedulableGroup, base_lr: number): () => void {
  const before = group.initial_lr;
  group.initial_lr = base_lr;
  return () => {
    if (before === undefined) delete group.initial_lr;
    else group.initial_lr = before;
  };
}

/** The same for a scheduler that never writes `initial_lr`. */
export function keep_own_lr(group: SchedulableGroup, own_lr: number): () => void {
  const known = own_lrs();
  const before = known.get(group);
  known.set(group, own_lr);
  return () => {
    if (before === undefined) known.delete(group);
  };
}

/** The lr in force of every group. */
export function lrs_of(groups: Groups): number[] {
  return groups.map((group) => group.lr);
}

/** What `ask` gives while other lrs stand in the groups, which then have their own again. */
export function with_lrs<T>(groups: Groups, lrs: readonly number[], ask: () => T): T {
  const own = lrs_of(groups);
  try {
    for (let g = 0; g < lrs.length; g++) groups[g].lr = lrs[g];
    return ask();
  } finally {
    for (let g = 0; g < groups.length; g++) if (groups[g].lr !== own[g]) groups[g].lr = own[g];
  }
}

/** The momentum in force: beta1 where the group has betas. */
export function momentum_of(group: SchedulableGroup): number | undefined {
  return group.betas ? group.betas[0] : group.momentum;
}

function set_momentum(group: SchedulableGroup, momentum: number): void {
  const { betas } = group;
  if (betas) {
    betas[0] = momentum;
    // Read through an accessor, they may be a copy.
    group.betas = betas;
  } else group.momentum = momentum;
}

/** The group's own momentum, if a scheduler ever cycled it. */
function own_momentum_of(group: SchedulableGroup): number | undefined {
  return group.betas ? group.initial_betas?.[0] : group.initial_momentum;
}

/** Whether the momentum of any group was ever cycled. */
export function is_momentum_cycled(groups: Groups): boolean {
  return groups.some((group) => own_momentum_of(group) !== undefined);
}

/** Notes the group's own momentum before it is cycled. */
function note_own_momentum(group: SchedulableGroup): void {
  if (!group.betas) group.initial_momentum = group.momentum;
  else {
    group.initial_betas = [...group.betas];
    // Betas are written in place from here on, so they must be the group's alone.
    group.betas = [...group.betas];
  }
}

function drop_own_momentum(group: SchedulableGroup): void {
  delete group.initial_momentum;
  delete group.initial_betas;
}

/** A group like another one, at its base values and with betas of its own. */
export function copy_at_base(group: SchedulableGroup, base_lr: number): SchedulableGroup {
  const copy = { ...group, lr: base_lr, initial_lr: base_lr };
  if (group.betas) copy.betas = [...group.betas];
  const momentum = own_momentum_of(group);
  if (momentum !== undefined) set_momentum(copy, momentum);
  return copy;
}

/** What gives the momentum of a group; NaN where it leaves the group its own. */
export interface MomentumSource {
  momentum(g: number): number;
}

/** Reads the groups of an optimizer for the scheduler that a user steps, and writes them, whole. */
export class ScheduledGroups {
  readonly #lrs: number[] = [];
  readonly #momenta: number[] = [];
  readonly #momenta_before: number[] = [];
  /** Whether the group's own momentum was noted in the write under way. */
  readonly #noted: boolean[] = [];

  constructor(
    private readonly name: string,
    private readonly optimizer: SchedulableOptimizer,
  ) {}

  /** The lr in force of every group: a list that the next call writes again. */
  read(): number[] {
    const groups = this.optimizer.param_groups;
    const lrs = this.#lrs;
    if (lrs.length !== groups.length) lrs.length = groups.length;
    for (let g = 0; g < groups.length; g++) {
      const { lr } = groups[g];
      if (typeof lr !== "number") this.#refuse("lr", g, "a number", lr);
      lrs[g] = lr;
    }
    return lrs;
  }

  /** Writes lrs over those that were read, and momenta if there is a source of them; all or nothing. */
  write(lrs: readonly number[], source: MomentumSource | undefined): void {
    for (let g = 0; g < lrs.length; g++) {
      if (!Number.isFinite(lrs[g])) this.#refuse("lr", g, "a finite number", lrs[g]);
    }
    if (source) this.#check_momenta(lrs.length, source);
    let g = 0;
    try {
      const groups = this.optimizer.param_groups;
      for (; g < lrs.length; g++) {
        groups[g].lr = lrs[g];
        if (source) this.#write_momentum(groups[g], g);
      }
    } catch (cause) {
      this.#take_back(g, source !== undefined);
      const message = `${this.name}: parameter group ${g} must be writable, got one that refuses`;
      throw new TypeError(message, { cause });
    }
  }

  #check_momenta(count: number, source: MomentumSource): void {
    const groups = this.optimizer.param_groups;
    for (let g = 0; g < count; g++) {
      const momentum = source.momentum(g);
      this.#momenta[g] = momentum;
      if (Number.isNaN(momentum)) continue;
      if (!groups[g].betas && Number.isFinite(momentum)) continue;
      if (momentum >= 0 && momentum < 1) continue;
      const expected = groups[g].betas ? "from 0 to below 1, as beta1" : "a finite number";
      this.#refuse("momentum", g, expected, momentum);
    }
  }

  #write_momentum(group: SchedulableGroup, g: number): void {
    this.#momenta_before[g] = momentum_of(group) ?? Number.NaN;
    const own = own_momentum_of(group);
    this.#noted[g] = false;
    if (!Number.isNaN(this.#momenta[g])) {
      if (own === undefined) {
        note_own_momentum(group);
        this.#noted[g] = true;
      }
      set_momentum(group, this.#momenta[g]);
    } else if (own !== undefined) set_momentum(group, own);
  }

  /** Puts back what was written up to group `last`, as far as that can be written. */
  #take_back(last: number, has_momentum: boolean): void {
    for (let g = 0; g <= last; g++) {
      const group = this.optimizer.param_groups[g];
      try {
        group.lr = this.#lrs[g];
        if (!has_momentum) continue;
        set_momentum(group, this.#momenta_before[g]);
        if (this.#noted[g]) drop_own_momentum(group);
      } catch {
        // The group that refused: nothing was written to it.
      }
    }
  }

  #refuse(what: string, g: number, expected: string, value: unknown): never {
    return refuse(`${this.name}: ${what} of parameter group ${g}`, expected, value);
  }
}
