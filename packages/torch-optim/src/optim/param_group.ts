/**
 * Parameter groups as schedulers see them. Everything that a scheduler reads of a group and writes to
 * one, it reads and writes here.
 */
import { checked, FINITE, NOT_NEGATIVE } from "../fields.ts";
import { refuse } from "../refusal.ts";

/** A parameter group, as far as schedulers read and write it. */
export interface SchedulableGroup {
  /** The learning rate in force. */
  lr: number;
  /** The base lr: written by the first scheduler that reads it. */
  initial_lr?: number | undefined;
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
  /** Why there is no momentum to cycle, as the sentence says it that refuses to. */
  readonly without_momentum?: string;
  /** Refuses what cannot be in force at an epoch, by a sentence begun by `name`; a selection does. */
  check_next?(name: string, lrs: readonly number[], epoch: number): void;
}

type Groups = readonly SchedulableGroup[];
type LRs = readonly number[];

/**
 * The lr of a group that a cyclic scheduler took over before any other scheduler read it: those set
 * the lr outright and never write `initial_lr`, and a scheduler built after them still finds the
 * group's own lr here, be it of another copy of this library.
 */
const OWN_LR = Symbol.for("torch-optim.own_lr");

/** The group's base lr. */
export function base_lr_of(group: SchedulableGroup & { [OWN_LR]?: number }): number {
  return group.initial_lr ?? group[OWN_LR] ?? group.lr;
}

/** Keeps a group's own lr for schedulers that are built after one that never writes `initial_lr`. */
export function keep_own_lr(group: SchedulableGroup, own_lr: number): void {
  Reflect.defineProperty(group, OWN_LR, { value: own_lr, configurable: true });
}

/** Refuses groups, from number `from` on, with an lr or a base lr that none can have. */
export function check_lrs(name: string, groups: Groups, from: number): void {
  for (let g = from; g < groups.length; g++) {
    const { lr, initial_lr } = groups[g] ?? {};
    // A schedule's own zero may be a rounding error below 0: where there is a base lr, it is that which counts.
    checked(name_of_lr(name, g), initial_lr === undefined ? NOT_NEGATIVE : FINITE, lr);
    checked(name_of_lr(name, g, "initial_lr"), NOT_NEGATIVE, base_lr_of(groups[g]));
  }
}

/** The lr in force of every group. */
export function lrs_of(groups: Groups): number[] {
  return groups.map((group) => group.lr);
}

function set_lrs(groups: Groups, lrs: LRs): void {
  for (let g = 0; g < lrs.length; g++) if (groups[g].lr !== lrs[g]) groups[g].lr = lrs[g];
}

/** What `ask` gives while other lrs stand in the groups, which then have their own again. */
export function with_lrs<T>(groups: Groups, lrs: LRs, ask: () => T): T {
  const own = lrs_of(groups);
  try {
    set_lrs(groups, lrs);
    return ask();
  } finally {
    set_lrs(groups, own);
  }
}

/** Groups like others, at their base lrs and with betas of their own. */
export function groups_at_base(groups: Groups, base_lrs: LRs): SchedulableGroup[] {
  return groups.map((group, g) => {
    const lr = base_lrs[g] ?? base_lr_of(group);
    const betas = group.betas && { betas: [...group.betas] as [number, number] };
    return { ...group, ...betas, lr, initial_lr: lr };
  });
}

/** Reads the groups of an optimizer for the scheduler that a user steps, and writes them whole. */
export class ScheduledGroups {
  #lrs: number[] = [];
  readonly #lrs_before: number[] = [];
  readonly #initial_lrs_before: (number | undefined)[] = [];
  readonly #name: string;
  readonly #optimizer: SchedulableOptimizer;

  constructor(name: string, optimizer: SchedulableOptimizer) {
    this.#name = name;
    this.#optimizer = optimizer;
  }

  /** The lr in force of every group: a list that the next call writes again. */
  read(): number[] {
    const groups = this.#optimizer.param_groups;
    // Made whole: a list that is stretched has holes to V8, which then boxes every number.
    if (this.#lrs.length !== groups.length) this.#lrs = lrs_of(groups);
    const lrs = this.#lrs;
    for (let g = 0; g < groups.length; g++) lrs[g] = groups[g].lr;
    return lrs;
  }

  /**
   * Writes lrs, the momenta that `source` moves, and to the groups from number `from` on their base lr,
   * for schedulers that are built later to find. All or nothing.
   */
  write(lrs: LRs, source: MomentumSource, base_lrs = lrs, from = lrs.length): void {
    const name = this.#name;
    const groups = this.#optimizer.param_groups;
    const { momenta } = source;
    this.#optimizer.check_next?.(name, lrs, source.epoch);
    for (let g = 0; g < lrs.length; g++) {
      if (!Number.isFinite(lrs[g])) checked(name_of_lr(name, g), FINITE, lrs[g]);
    }
    momenta?.compute(name, groups, lrs.length, source);
    let g = 0;
    try {
      for (; g < lrs.length; g++) {
        const group = groups[g];
        this.#lrs_before[g] = group.lr;
        group.lr = lrs[g];
        if (g >= from) {
          this.#initial_lrs_before[g] = group.initial_lr;
          group.initial_lr = base_lrs[g];
        }
        momenta?.write(group, g);
      }
    } catch (cause) {
      // The group that refused has its momentum still.
      for (let w = g; w >= 0; w--) this.#take_back(groups[w], w, w >= from, w < g && momenta);
      throw new TypeError(`${name}: parameter group ${g} must be writable`, { cause });
    }
  }

  #take_back(
    group: SchedulableGroup,
    g: number,
    is_noted: boolean,
    momenta: ScheduledMomenta | false | undefined,
  ): void {
    try {
      group.lr = this.#lrs_before[g];
      if (is_noted) {
        group.initial_lr = this.#initial_lrs_before[g];
        if (group.initial_lr === undefined) delete group.initial_lr;
      }
      if (momenta) momenta.take_back(group, g);
    } catch {
      // The group that refused: nothing was written to it.
    }
  }
}

/** How refusals speak of a group's lr. */
export function name_of_lr(name: string, g: number, key = "lr"): string {
  return `${name}: ${key} of parameter group ${g}`;
}

/** The momentum in force: beta1 where the group has betas. */
export function momentum_of(group: SchedulableGroup): number | undefined {
  return group.betas ? group.betas[0] : group.momentum;
}

/** Whether beta1 is what cycles in a group. */
export function has_betas(group: SchedulableGroup): boolean {
  return group.betas !== undefined;
}

function set_momentum(group: SchedulableGroup, momentum: number | undefined): void {
  const { betas } = group;
  if (!betas) group.momentum = momentum;
  else if (momentum !== undefined) {
    betas[0] = momentum;
    // Read through an accessor, they may be a copy.
    group.betas = betas;
  }
}

/** The group's own momentum, if a scheduler ever cycled it. */
export function own_momentum_of(group: SchedulableGroup): number | undefined {
  return group.betas ? group.initial_betas?.[0] : group.initial_momentum;
}

/** Whether the momentum of any group was ever cycled. */
export function is_momentum_cycled(groups: Groups): boolean {
  return groups.some((group) => own_momentum_of(group) !== undefined);
}

/** What gives the momentum of a group, NaN where it leaves the group its own, and what writes it. */
export interface MomentumSource {
  /** The epoch computed last. */
  readonly epoch: number;
  readonly momenta?: ScheduledMomenta;
  /** What says the momentum in its place: the last one that cycles it now. */
  readonly moving?: readonly { readonly motion: MomentumSource }[];
  momentum?(g: number): number;
}

const NONE: NonNullable<MomentumSource["moving"]> = [];

/** The momentum of a group as the schedulers of a tree say it. */
export function momentum_by(source: MomentumSource, g: number): number {
  if (source.momentum) return source.momentum(g);
  const { moving = NONE } = source;
  let momentum = Number.NaN;
  for (let i = moving.length - 1; i >= 0 && Number.isNaN(momentum); i--) {
    momentum = momentum_by(moving[i].motion, g);
  }
  return momentum;
}

/** Gives groups their own momentum again. */
export function reset_momenta(groups: Groups): void {
  for (const group of groups) {
    const own = own_momentum_of(group);
    if (own !== undefined) set_momentum(group, own);
  }
}

/** Writes the momentum of groups where a scheduler cycles it, and notes their own before. */
export class ScheduledMomenta {
  readonly #momenta: number[] = [];
  readonly #before: (number | undefined)[] = [];
  /** Whether the group's own momentum was noted in the write under way. */
  readonly #is_noted: boolean[] = [];

  /** Asks for the momentum of every group, and refuses what none can have. */
  compute(name: string, groups: Groups, count: number, source: MomentumSource): void {
    for (let g = 0; g < count; g++) {
      const { betas } = groups[g];
      const momentum = momentum_by(source, g);
      this.#momenta[g] = momentum;
      const fits = betas ? momentum >= 0 && momentum < 1 : Number.isFinite(momentum);
      if (fits || Number.isNaN(momentum)) continue;
      const expected = betas ? "from 0 to below 1, as beta1" : "a finite number";
      refuse(`${name}: momentum of parameter group ${g}`, expected, momentum, RangeError);
    }
  }

  write(group: SchedulableGroup, g: number): void {
    const own = own_momentum_of(group);
    const momentum = this.#momenta[g];
    this.#before[g] = momentum_of(group);
    this.#is_noted[g] = own === undefined && !Number.isNaN(momentum);
    if (this.#is_noted[g]) note_own_momentum(group);
    if (!Number.isNaN(momentum)) set_momentum(group, momentum);
    else if (own !== undefined) set_momentum(group, own);
  }

  take_back(group: SchedulableGroup, g: number): void {
    set_momentum(group, this.#before[g]);
    if (!this.#is_noted[g]) return;
    delete group.initial_momentum;
    delete group.initial_betas;
  }
}

function note_own_momentum(group: SchedulableGroup): void {
  if (!group.betas) group.initial_momentum = group.momentum;
  else {
    group.initial_betas = [...group.betas];
    // Betas are written in place from here on, so they must be the group's alone.
    group.betas = [...group.betas];
  }
}

/** What a selection shows of a group: its `lr` is another option of that, and notes are its own. */
export class SelectedGroup implements SchedulableGroup {
  readonly #optimizer: SchedulableOptimizer;
  readonly #g: number;
  readonly #option: string;
  /** The betas that were made the group's own. */
  #betas?: [number, number];

  constructor(optimizer: SchedulableOptimizer, g: number, option: string) {
    this.#optimizer = optimizer;
    this.#g = g;
    this.#option = option;
  }

  get lr(): number {
    return option_of(this.#group, this.#option) as number;
  }

  set lr(value: number) {
    const group = this.#group;
    if (this.#option !== "momentum" || !group.betas) {
      group[this.#option] = value;
      return;
    }
    // Betas are written in place, so they must be the group's alone.
    if (group.betas !== this.#betas) group.betas = [...group.betas];
    this.#betas = group.betas;
    set_momentum(group, value);
  }

  get initial_lr(): number | undefined {
    const group = this.#group;
    if (this.#option === "momentum") return own_momentum_of(group);
    return group[`initial_${this.#option}`] as number | undefined;
  }

  set initial_lr(value: number | undefined) {
    const group = this.#group;
    const has_own_betas = this.#option === "momentum" && group.betas;
    const note = `initial_${has_own_betas ? "betas" : this.#option}`;
    if (value === undefined) delete group[note];
    else group[note] = has_own_betas ? [value, has_own_betas[1]] : value;
  }

  get #group(): AnyGroup {
    return this.#optimizer.param_groups[this.#g] as AnyGroup;
  }
}

/** A group with options of any kind. */
type AnyGroup = SchedulableGroup & Record<string, unknown>;

/** An option of a group in force; `momentum` is beta1 where the group has betas. */
export function option_of(group: SchedulableGroup, option: string): unknown {
  return option === "momentum" ? momentum_of(group) : (group as AnyGroup)[option];
}

/** Notes what groups hold; what it gives puts that back. */
export function keep_groups(groups: Groups): () => void {
  const kept = groups.map((group) => ({ group, ...copy_of(group) }));
  return () => {
    for (const { group, values, betas } of kept) {
      for (const key of Object.keys(group))
        if (!(key in values)) Reflect.deleteProperty(group, key);
      for (const [key, value] of Object.entries(values)) {
        if ((group as AnyGroup)[key] !== value) (group as AnyGroup)[key] = value;
      }
      for (const [i, beta] of betas.entries()) (group.betas as number[])[i] = beta;
    }
  };
}

function copy_of(group: SchedulableGroup) {
  return { values: { ...group }, betas: [...(group.betas ?? [])] };
}
