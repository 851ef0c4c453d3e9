import { any_number, boolean, FINITE, nullable, number, one_of, whole_number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type ParameterLike, refuse_placed } from "../parameter.ts";
import { is_object, refusal } from "../refusal.ts";
import { check_closure } from "./closure.ts";
import {
  add_scaled,
  axpy,
  dot,
  max_abs,
  scale,
  scaled,
  sum_abs,
} from "./compiled_kernels/vectors.ts";
import { count, list_of, optional, or_null, scalar, when } from "./entry.ts";
import { type Workspace, workspace_of } from "./lbfgs_workspace.ts";
import { Optimizer } from "./optimizer.ts";
import type { OptimizerOptions, ParamGroup, ParamGroupOptions, Params } from "./params.ts";
import { number_in, read_floats } from "./state_numbers.ts";
import type { StateField, StateTable } from "./state_table.ts";
import { type Point, strong_wolfe } from "./strong_wolfe.ts";

/** Options of `LBFGS`. */
export interface LBFGSOptions extends OptimizerOptions {
  /** The step length, or with a line search the first one tried; at least 0. Default 1. */
  lr?: number;
  /** The most iterations in a step, at least 1. Default 20. */
  max_iter?: number;
  /**
   * The evaluations of the closure in a step after which no iteration begins, at least 1.
   * Default: one and a quarter times `max_iter`.
   */
  max_eval?: number | null;
  /** A step ends when no part of the gradient is larger; may be `Infinity`. Default 1e-7. */
  tolerance_grad?: number;
  /** A step ends when neither a parameter nor the loss changes by more. Default 1e-9. */
  tolerance_change?: number;
  /** How many changes of the gradient are remembered, from 1 to 10,000. Default 100. */
  history_size?: number;
  /** How the step length is found; `null` takes `lr`. Default null. */
  line_search_fn?: "strong_wolfe" | null;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

type Options = Required<LBFGSOptions>;

/** What LBFGS remembers of all parameters together; PyTorch keeps it with the first of them. */
interface LBFGSState {
  func_evals: number;
  n_iter: number;
  /** The direction of the last move, and how far it went. */
  d: FloatArray;
  t: number;
  /** The remembered changes of the gradient (`y`) and of the parameters (`s`), oldest first. */
  old_dirs: FloatArray[];
  old_stps: FloatArray[];
  /** `1 / (y · s)` of each. */
  ro: number[];
  /** The scale of the first guess at the inverse Hessian. */
  H_diag: number;
  prev_flat_grad: FloatArray;
  prev_loss: number;
  /** What the two loops of an iteration hand on, one for each remembered change. */
  al: (number | null)[];
}

/** A line search ends where no parameter changes by more; PyTorch's does, whatever `tolerance_change`. */
const LEAST_CHANGE = 1e-9;

/** A change with less curvature along itself is not remembered. */
const LEAST_CURVATURE = 1e-10;

/** The longest history: what asks for more is no memory but a mistake. */
const LONGEST = 10_000;

/** A vector for all numbers of the parameters. */
const VECTOR: StateField<FloatArray, LBFGSOptions> = {
  initial: (_, group) => workspace_of(group).flat.zeros(),
  read: (name, value, _, group) =>
    read_floats(name, value, workspace_of(group).flat.zeros(), FINITE, group.params),
};

/** A loss may be whatever a model makes of its parameters. */
const LOSS: StateField<number> = {
  initial: () => 0,
  read: (name, value) => {
    const loss = number_in(value);
    if (loss === undefined) throw new TypeError(`${name} ${refusal("a number", value)}`);
    return loss;
  },
};

/** What there is once for all parameters: it stands with the first of them. */
function of_all<T>(field: StateField<T, LBFGSOptions>): StateField<T, LBFGSOptions> {
  return when((group, param) => param === group.params[0], field);
}

/** What there is of all parameters once an iteration was done. */
function of_iterations<T>(field: StateField<T, LBFGSOptions>): StateField<T, LBFGSOptions> {
  return of_all(optional(field, ({ n_iter }) => n_iter === 0));
}

/**
 * L-BFGS: steps along the gradient times an inverse Hessian that it guesses from the last changes
 * of the gradient. One `step` runs up to `max_iter` iterations and evaluates the closure for each,
 * so every evaluation must be of the same function: full batches, no dropout.
 *
 * With `y` and `s` the last changes of the gradient `g` and the parameters, and `H` the inverse
 * Hessian that the remembered ones make of `(y · s) / (y · y)`: `d = -H g`, `p ← p + t · d`, with
 * `t = lr` or what the line search finds from there (at first `lr · min(1, 1 / Σ |g|)`).
 * There is one parameter group, and a parameter without a gradient counts as one whose gradient
 * is 0.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4; `torch.optim.LBFGS`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.LBFGS(params, { line_search_fn: "strong_wolfe" });
 * const loss = optimizer.step(() => {
 *   // … compute gradients into params[i].grad …
 *   return loss_of(params);
 * });
 * ```
 */
export class LBFGS extends Optimizer<LBFGSOptions, LBFGSState> {
  static override readonly option_table = option_table<Options>("LBFGS", {
    lr: number({ min: 0, default: 1 }),
    max_iter: whole_number({ min: 1, default: 20 }),
    max_eval: nullable(whole_number({ min: 1 })),
    tolerance_grad: any_number({ default: 1e-7 }),
    tolerance_change: any_number({ default: 1e-9 }),
    history_size: whole_number({ min: 1, max: LONGEST, default: 100 }),
    line_search_fn: nullable(one_of<"strong_wolfe">(["strong_wolfe"], "strong_wolfe")),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<LBFGSState, LBFGSOptions> = {
    func_evals: of_all(count),
    n_iter: of_all(count),
    d: of_iterations(VECTOR),
    t: of_iterations(scalar()),
    old_dirs: of_iterations(list_of(VECTOR, LONGEST)),
    old_stps: of_iterations(list_of(VECTOR, LONGEST)),
    ro: of_iterations(list_of(scalar(), LONGEST)),
    H_diag: of_iterations(scalar(() => 1)),
    prev_flat_grad: of_iterations(VECTOR),
    prev_loss: of_iterations(LOSS),
    al: of_all({
      ...optional(list_of(or_null(scalar()), LONGEST)),
      initial: (_, { history_size }) => Array.from({ length: history_size }, () => null),
    }),
  };

  constructor(params: Params<LBFGSOptions>, options?: LBFGSOptions) {
    super(params, with_max_eval(options));
  }

  protected override check_param(name: string, param: ParameterLike): void {
    refuse_placed(name, param);
  }

  override add_param_group(group: ParamGroupOptions<LBFGSOptions>): void {
    if (this.param_groups.length > 0) {
      throw new Error("LBFGS: params must be one group, got a second one");
    }
    super.add_param_group(group);
  }

  /** Refused: LBFGS needs the closure. */
  override step(closure?: undefined): never;
  /**
   * Runs up to `max_iter` iterations.
   *
   * @param closure - Computes the gradients anew and returns the loss, a number.
   * @returns The loss before the first iteration.
   * @throws TypeError without a closure, or if it returns no number; RangeError if a gradient is
   *   not as long as its parameter.
   */
  override step<Loss>(closure: () => Loss): Loss;
  override step<Loss>(closure?: () => Loss): Loss {
    check_closure("LBFGS", closure);
    const [group] = this.param_groups;
    const [first] = group.params;
    if (first === undefined) return closure();
    const loss = this.#evaluate(closure);
    const work = workspace_of(group);
    const [{ grad }] = work.points;
    const state = this.state_of(first, group);
    if (state.d.length !== grad.length) {
      throw new Error("LBFGS: params must be those of its first step, got others");
    }
    this.stepped = true;
    state.func_evals += 1;
    // Of NaN neither is true, and PyTorch goes on.
    const is_optimal = max_abs(grad.length, grad) <= group.tolerance_grad;
    if (!is_optimal) this.#iterate(closure, state, group, work);
    return loss;
  }

  /** Iterates until one of the bounds is met; the first point has been evaluated. */
  #iterate(
    closure: () => unknown,
    state: LBFGSState,
    group: ParamGroup<LBFGSOptions>,
    work: Workspace,
  ): void {
    const { lr, max_iter, tolerance_grad, tolerance_change, line_search_fn } = group;
    const max_eval = group.max_eval ?? evaluations_for(max_iter);
    const n = state.d.length;
    let evaluations = 1;
    for (let iteration = 1; iteration <= max_iter; iteration++) {
      const [here] = work.points;
      const { loss, grad } = here;
      state.n_iter += 1;
      const is_first = state.n_iter === 1;
      if (is_first) scaled(n, state.d, grad, -1);
      else find_direction(state, grad, group.history_size, work);
      state.prev_flat_grad.set(grad);
      state.prev_loss = loss;
      state.t = is_first ? lr * at_most_1(1 / sum_abs(n, grad)) : lr;
      here.slope = dot(n, grad, state.d);
      if (here.slope > -tolerance_change) break;

      const before = state.func_evals;
      work.flat.begin_move();
      if (line_search_fn !== null) {
        this.#search(closure, state, work, max_eval - evaluations);
      } else {
        work.flat.move(state.d, state.t);
        // The loss at the end of a step is the next step's to evaluate.
        if (iteration === max_iter) break;
        this.#evaluate(closure, here);
        state.func_evals += 1;
      }
      evaluations += state.func_evals - before;
      const [there] = work.points;
      if (
        evaluations >= max_eval ||
        max_abs(n, there.grad) <= tolerance_grad ||
        Math.abs(state.t) * max_abs(n, state.d) <= tolerance_change ||
        Math.abs(there.loss - loss) < tolerance_change
      ) {
        break;
      }
    }
  }

  /** Moves to a point that the line search finds, which becomes the first of the points. */
  #search(closure: () => unknown, state: LBFGSState, work: Workspace, max_steps: number): void {
    const { flat, points } = work;
    const { d } = state;
    // A step of no length leads nowhere, as at the end of a schedule.
    if (state.t === 0) return;
    const line = {
      evaluate: (point: Point, t: number) => {
        flat.move(d, t);
        this.#evaluate(closure, point);
        state.func_evals += 1;
        point.t = t;
        point.slope = dot(d.length, point.grad, d);
        // Where there is no loss or no slope, the step was too long.
        if (!Number.isFinite(point.loss + point.slope)) point.loss = Infinity;
      },
    };
    points[0].t = 0;
    const least_width = LEAST_CHANGE / max_abs(d.length, d);
    const found = strong_wolfe(line, points, state.t, max_steps, least_width);
    flat.move(d, found.t);
    state.t = found.t;
    const place = points.indexOf(found);
    [points[0], points[place]] = [points[place], points[0]];
  }

  /** Evaluates loss and gradient where the parameters are; gives the loss as the closure does. */
  #evaluate<Loss>(closure: () => Loss, point?: Point): Loss {
    const loss = closure();
    if (typeof loss !== "number") {
      throw new TypeError(`LBFGS: the closure's loss ${refusal("a number", loss)}`);
    }
    this.check_step();
    const [group] = this.param_groups;
    const { flat, points } = workspace_of(group);
    const here = point ?? points[0];
    flat.read_grads(here.grad);
    if (group.maximize) scale(here.grad.length, here.grad, -1);
    here.loss = group.maximize ? -loss : loss;
    return loss;
  }

  protected override check_state(name: string, state: LBFGSState): void {
    // The other parameters have no state.
    if (state.n_iter === undefined) return;
    const { old_dirs, old_stps, ro } = state;
    if (old_stps.length !== old_dirs.length || ro.length !== old_dirs.length) {
      throw new Error(
        `${name}: old_dirs, old_stps and ro must be equally long, ` +
          `got ${old_dirs.length}, ${old_stps.length} and ${ro.length}`,
      );
    }
  }
}

/** Takes the last change into memory and writes `-H g` into `state.d`, in two loops. */
function find_direction(
  state: LBFGSState,
  grad: FloatArray,
  history_size: number,
  work: Workspace,
): void {
  const { d, al, old_dirs, old_stps, ro } = state;
  const n = d.length;
  add_scaled(n, work.y, grad, state.prev_flat_grad, -1);
  scaled(n, work.s, d, state.t);
  const curvature = dot(n, work.y, work.s);
  if (curvature > LEAST_CURVATURE) {
    state.H_diag = curvature / dot(n, work.y, work.y);
    work.y = remember(old_dirs, work.y, history_size) ?? work.flat.zeros();
    work.s = remember(old_stps, work.s, history_size) ?? work.flat.zeros();
    remember(ro, 1 / curvature, history_size);
  }
  scaled(n, d, grad, -1);
  for (let i = old_dirs.length - 1; i >= 0; i--) {
    const alpha = dot(n, old_stps[i], d) * ro[i];
    al[i] = alpha;
    axpy(n, d, old_dirs[i], -alpha);
  }
  scale(n, d, state.H_diag);
  for (let i = 0; i < old_dirs.length; i++) {
    const beta = dot(n, old_dirs[i], d) * ro[i];
    axpy(n, d, old_stps[i], (al[i] ?? 0) - beta);
  }
}

/** Adds to a history, and gives the oldest item, if there is no room for it any more. */
function remember<T>(history: T[], item: T, size: number): T | undefined {
  if (history.length < size) {
    history.push(item);
    return undefined;
  }
  const oldest = history[0];
  history.copyWithin(0, 1);
  history[history.length - 1] = item;
  return oldest;
}

/** PyTorch keeps `max_eval` as a number, and expects one in a state. */
function with_max_eval(options: LBFGSOptions = {}): LBFGSOptions {
  if (!is_object(options)) return options;
  const { max_iter = 20, max_eval } = options;
  return { ...options, max_eval: max_eval ?? evaluations_for(max_iter) };
}

function evaluations_for(max_iter: number): number {
  return Math.floor((max_iter * 5) / 4);
}

/** The smaller one of 1 and `x`; of NaN 1, as in PyTorch. */
function at_most_1(x: number): number {
  return x < 1 ? x : 1;
}
