import { custom, one_of } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR, OutrightMotion } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { phase_at } from "./phase_at.ts";

/** How the lr goes from one keyframe to the next. */
export type Interpolation = "linear" | "step" | "cosine";

/** Options of `KeyframesLR`. */
export interface KeyframesLROptions extends LRSchedulerOptions {
  /** The epochs of the keyframes: strictly increasing whole numbers, the first of them 0. */
  epochs: readonly number[];
  /** The factors at these epochs, each at least 0, as many as there are epochs. */
  factors: readonly number[];
  /** How it goes from one keyframe to the next. Default "linear". */
  interpolation?: Interpolation;
}

/**
 * Sets the lr to given factors of the base lr at given epochs, and goes from one to the next.
 *
 * From keyframe `a` to the next one `b`, with `u = (t - epochs[a]) / (epochs[b] - epochs[a])`,
 * `lr(t) = base_lr · (factors[a] + (factors[b] - factors[a]) · s(u))`, and by `interpolation`
 *
 * - `linear`: `s = u`
 * - `step`: `s = 0`, so that a factor holds up to the next keyframe
 * - `cosine`: `s = (1 - cos(π · u)) / 2`
 *
 * From the last keyframe on, its factor stays in force.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * // lr 1: 0 0.5 1 0.75 0.5 0.5 …
 * const scheduler = new torch.optim.KeyframesLR(optimizer, {
 *   epochs: [0, 2, 4],
 *   factors: [0, 1, 0.5],
 * });
 * ```
 */
export class KeyframesLR extends FormulaLR<KeyframesLROptions> {
  static override readonly option_table = option_table<Resolved<KeyframesLROptions>>(
    "KeyframesLR",
    {
      epochs: custom(
        "a list of strictly increasing whole numbers, the first of them 0",
        are_epochs,
      ),
      factors: custom("a list of finite numbers of at least 0", are_factors),
      interpolation: one_of<Interpolation>(["linear", "step", "cosine"], "linear"),
    },
  );

  static override readonly formula = (scheduler: KeyframesLR) => new KeyframesMotion(scheduler);

  declare epochs: readonly number[];
  declare factors: readonly number[];
  declare interpolation: Interpolation;
}

class KeyframesMotion extends OutrightMotion<KeyframesLR> {
  constructor(scheduler: KeyframesLR) {
    super(scheduler, (keyframes, epoch, g) => keyframes.base_lrs[g] * factor_at(keyframes, epoch));
  }

  override prepare(): void {
    const { epochs, factors } = this.scheduler;
    if (factors.length === epochs.length) return;
    throw new Error(
      `KeyframesLR: factors must be ${epochs.length} for ${epochs.length} epochs, got ${factors.length}`,
    );
  }
}

function factor_at({ epochs, factors, interpolation }: KeyframesLR, epoch: number): number {
  const k = phase_at(epochs, epoch) - 1;
  const factor = factors[k];
  if (k === epochs.length - 1 || interpolation === "step") return factor;
  const done = (epoch - epochs[k]) / (epochs[k + 1] - epochs[k]);
  const share = interpolation === "cosine" ? (1 - Math.cos(Math.PI * done)) / 2 : done;
  return factor + (factors[k + 1] - factor) * share;
}

function are_epochs(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value[0] === 0 &&
    value.every((n, k) => Number.isSafeInteger(n) && (k === 0 || n > value[k - 1]))
  );
}

function are_factors(value: unknown): boolean {
  return Array.isArray(value) && value.every((factor) => Number.isFinite(factor) && factor >= 0);
}
