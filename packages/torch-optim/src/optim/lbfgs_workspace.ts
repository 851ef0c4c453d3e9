import type { FloatArray, ParameterLike } from "../parameter.ts";
import { FlatParams } from "./flat_params.ts";
import type { Point } from "./strong_wolfe.ts";

/** The vectors that an optimizer works with, made for its group and kept. */
export interface Workspace {
  readonly flat: FlatParams;
  /** Where the parameters are, and two points more for the line search. */
  readonly points: [Point, Point, Point];
  /** A change of gradient and parameters before it is remembered. */
  y: FloatArray;
  s: FloatArray;
}

/** What a group says of the vectors that are needed. */
interface Group {
  readonly params: readonly ParameterLike[];
  readonly history_size: number;
}

/** The vectors beside those of the history, in the workspace and in two states. */
const VECTORS = 9;

/** The workspaces of groups, by their parameters. */
const workspaces = new WeakMap<readonly ParameterLike[], Workspace>();

/** The workspace for a group's parameters, which is kept as long as they stay the same. */
export function workspace_of({ params, history_size }: Group): Workspace {
  const known = workspaces.get(params);
  if (known?.flat.fits(params)) return known;
  const made = workspace_for(params, history_size);
  workspaces.set(params, made);
  return made;
}

function workspace_for(params: readonly ParameterLike[], history_size: number): Workspace {
  // Two histories, since one that is loaded is there before the one it replaces goes.
  const flat = new FlatParams(params, 4 * history_size + VECTORS);
  const point = () => ({ t: 0, loss: 0, slope: 0, grad: flat.zeros() });
  return { flat, points: [point(), point(), point()], y: flat.zeros(), s: flat.zeros() };
}
