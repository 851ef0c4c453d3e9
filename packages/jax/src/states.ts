import { type JsTree, numpy as np, tree } from "@jax-js/jax";
import type { JaxArray } from "./owned.ts";
import type { GradientTransformation } from "./transformation.ts";

type Tree = JsTree<JaxArray>;

/** The state of any transformation as plain data: its own form if it has one, else the numbers of its leaves. */
export async function state_dict_of<State extends Tree>(
  transformation: GradientTransformation<State>,
  state: State,
): Promise<unknown> {
  if (transformation.state_dict) return transformation.state_dict(state);
  const leaves = tree.leaves(state) as JaxArray[];
  return Promise.all(leaves.map(async (leaf) => Array.from(await leaf.ref.data())));
}

/**
 * The state of any transformation from what `state_dict_of` gave, for such parameters.
 *
 * @throws Error if it is of another transformation or of other parameters.
 */
export function state_from<State extends Tree>(
  transformation: GradientTransformation<State>,
  state_dict: unknown,
  params: Tree,
): State {
  if (transformation.load_state_dict) return transformation.load_state_dict(state_dict, params);
  const [leaves, structure] = tree.flatten(transformation.init(params) as Tree);
  const sizes = leaves.map(({ size }) => size);
  const numbers = lists_of(state_dict, sizes);
  const loaded = leaves.map((leaf, i) => {
    const array = np.array(numbers[i], { dtype: leaf.dtype, shape: leaf.shape });
    leaf.dispose();
    return array;
  });
  return tree.unflatten(structure, loaded) as State;
}

function lists_of(state_dict: unknown, sizes: readonly number[]): number[][] {
  const fits =
    Array.isArray(state_dict) &&
    state_dict.length === sizes.length &&
    state_dict.every((list, i) => Array.isArray(list) && list.length === sizes[i]);
  if (fits) return state_dict;
  throw new Error(`state_dict must have lists of ${sizes.join(", ") || "no"} numbers, got others`);
}
