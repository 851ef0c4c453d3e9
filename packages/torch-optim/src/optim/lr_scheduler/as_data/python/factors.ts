import type { SoundSpec } from "../check_spec.ts";
import { entry_of, fields_of_type } from "../registry.ts";
import { literal } from "./syntax.ts";

/** A scheduler's options as Python writes them, defaults included. */
type Literals = Readonly<Record<string, string>>;

/** The body of a Python function that gives a factor of the base lr at `epoch`. */
type Body = readonly string[];

/** What those of PyTorch's schedulers that multiply the base lr multiply it by. */
const FACTORS: Readonly<Record<string, (options: Literals) => Body>> = {
  ConstantLR: ({ factor, total_iters }) => [`return ${factor} if epoch < ${total_iters} else 1`],
  CosineAnnealingLR: ({ T_max }) => [half_cosine("epoch", T_max)],
  CosineAnnealingWarmRestarts: ({ T_0, T_mult }) => {
    if (T_mult === "1") return [half_cosine(`(epoch % ${T_0})`, T_0)];
    return [
      `length = ${T_0}`,
      "while epoch >= length:",
      "    epoch -= length",
      `    length *= ${T_mult}`,
      half_cosine("epoch", "length"),
    ];
  },
  ExponentialLR: ({ gamma }) => [`return ${gamma} ** epoch`],
  KeyframesLR: ({ epochs, factors, interpolation }) => {
    const lists = [`epochs = ${epochs}`, `factors = ${factors}`];
    const last = "sum(start <= epoch for start in epochs) - 1";
    if (interpolation === '"step"') return [...lists, `return factors[${last}]`];
    return [
      ...lists,
      "if epoch >= epochs[-1]:",
      "    return factors[-1]",
      `last = ${last}`,
      "share = (epoch - epochs[last]) / (epochs[last + 1] - epochs[last])",
      ...(interpolation === '"cosine"' ? ["share = (1 - math.cos(math.pi * share)) / 2"] : []),
      "return factors[last] + (factors[last + 1] - factors[last]) * share",
    ];
  },
  LinearLR: ({ start_factor: start, end_factor: end, total_iters }) => {
    if (total_iters === "0") return [`return ${end}`];
    return [`return ${start} + (${end} - ${start}) * min(epoch / ${total_iters}, 1)`];
  },
  MultiStepLR: ({ milestones, gamma }) => [
    `return ${gamma} ** sum(epoch >= milestone for milestone in ${milestones})`,
  ],
  PolynomialLR: ({ total_iters, power }) => [
    `return (1 - min(epoch / ${total_iters}, 1)) ** ${power}`,
  ],
  RampLR: ({ total_iters, end_factor: end, start_factor: start, shape }) => {
    if (total_iters === "0") return [`return ${end}`];
    const done = `min(epoch / ${total_iters}, 1)`;
    if (shape === '"exponential"') {
      return [`share = ${done}`, `return ${start} ** (1 - share) * ${end} ** share`];
    }
    return [
      `share = ${share_of_ramp(shape, done, total_iters)}`,
      `return ${start} + (${end} - ${start}) * share`,
    ];
  },
  StepLR: ({ step_size, gamma }) => [`return ${gamma} ** (epoch // ${step_size})`],
};

function half_cosine(epoch: string, length: string): string {
  return `return (1 + math.cos(math.pi * ${epoch} / ${length})) / 2`;
}

/** The share of a ramp's way, from that of its epochs. */
function share_of_ramp(shape: string, done: string, total_iters: string): string {
  switch (shape) {
    case '"cosine"':
      return `(1 - math.cos(math.pi * ${done})) / 2`;
    case '"sqrt"':
      return `${done} ** 0.5`;
    case '"square"':
      return `${done} ** 2`;
    case '"log"':
      return `min(math.log(epoch + 1) / math.log(${total_iters}), 1)`;
    default:
      return done;
  }
}

/** Whether the epoch alone decides by what a scheduler multiplies the base lr. */
export function has_factor({ type, schedulers, eta_min = 0 }: SoundSpec): boolean {
  if (is_composite(type)) return schedulers?.every(has_factor) ?? false;
  return eta_min === 0 && (Object.hasOwn(FACTORS, type) || is_of_transformers(type));
}

export function is_composite(type: string): boolean {
  return type === "SequentialLR" || type === "ChainedScheduler";
}

/** Whether it is a function of `transformers`, which makes a `LambdaLR` of a factor. */
export function is_of_transformers(type: string): boolean {
  return entry_of(type)?.home === "transformers" && type !== "GreedyLR";
}

/** Whether PyTorch has nothing by this name, and a `LambdaLR` of its factor stands in for it. */
export function is_of_this_library(type: string): boolean {
  return entry_of(type)?.home === "torch-optim";
}

/** The factor of a single scheduler, as a function of the epoch. */
export function factor_of({ type, ...options }: SoundSpec): Body {
  const fields = Object.entries(fields_of_type(type));
  const literals = fields.map(([name, field]) => [name, literal(options[name] ?? field.default)]);
  return FACTORS[type](Object.fromEntries(literals));
}

/** The factor of a sequence: that of the phase in force, at its local epoch. */
export function sequence_of(
  functions: readonly string[],
  { milestones = [], starts }: SoundSpec,
): Body {
  return functions.flatMap((name, phase) => {
    const shift = (starts?.[phase] ?? 0) - (milestones[phase - 1] ?? 0);
    const end = milestones[phase];
    const sign = shift > 0 ? "+" : "-";
    const result = `return ${name}(${shift === 0 ? "epoch" : `epoch ${sign} ${Math.abs(shift)}`})`;
    if (end === undefined) return [result];
    // With a first milestone of 0, the first phase has no epoch.
    return end === 0 ? [] : [`if epoch < ${end}:`, `    ${result}`];
  });
}
