import * as torch from "../../src/index.ts";
import type { SchedulableOptimizer } from "../../src/optim/param_group.ts";

/** A scheduler as data: its class, its options, and functions by name. */
export interface Spec {
  readonly type: string;
  readonly schedulers?: readonly Spec[];
  readonly [option: string]: unknown;
}

interface NamedFunction {
  readonly fn: string;
  readonly [parameter: string]: unknown;
}

type Lambda = (x: number) => number;

/** The functions that fixtures name, the same in reference/ in Python. */
const FUNCTIONS: Record<string, (parameters: Record<string, number>) => Lambda> = {
  inverse:
    ({ k }) =>
    (x) =>
      1 / (1 + x / k),
  power:
    ({ base }) =>
    (x) =>
      base ** x,
  wave:
    ({ period }) =>
    (x) =>
      0.5 + (x % period) / (2 * period),
};

/** The schedulers by name, for options that may be anything. */
export const classes = torch.optim.lr_scheduler as unknown as Record<
  string,
  new (
    optimizer: unknown,
    options?: unknown,
  ) => torch.optim.LRScheduler
>;

/** Builds the scheduler that a spec describes, its children first. */
export function build(optimizer: SchedulableOptimizer, spec: Spec): torch.optim.LRScheduler {
  const { type, ...options } = spec;
  return new classes[type](
    optimizer,
    Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, option(optimizer, name, value)]),
    ),
  );
}

function option(optimizer: SchedulableOptimizer, name: string, value: unknown): unknown {
  if (name === "schedulers") return (value as Spec[]).map((child) => build(optimizer, child));
  if (Array.isArray(value)) return value.map((item) => option(optimizer, name, item));
  if (typeof value !== "object" || value === null) return value;
  const { fn, ...parameters } = value as NamedFunction;
  return FUNCTIONS[fn](parameters as Record<string, number>);
}
