import { numel, type Tensor, type TensorData } from "../tensor.ts";
import { dotted, is_object, refuse } from "./refuse.ts";
import { is_array, tensor_of } from "./tensor_of.ts";

/** An entry of a parameter's state. */
export type EntryPart = number | null | Tensor | EntryPart[];

/** An optimizer's state with shapes. */
export interface OptimizerParts {
  readonly state: ReadonlyMap<number, ReadonlyMap<string, EntryPart>>;
  readonly param_groups: readonly Readonly<Record<string, unknown>>[];
}

/** What is known of a parameter. */
interface Known {
  readonly shape: readonly number[];
  readonly is_float32: boolean;
  /** Whether it was found by its place or its name alone, so that lengths must tell of mistakes. */
  readonly is_found: boolean;
}

type Model = ReadonlyMap<string, Tensor>;

/** What JSON has in place of numbers that are not finite. */
const WORDS: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

/** What PyTorch's Adafactor keeps of a matrix: its means over the columns, and over the rows. */
const SHAPES: Readonly<Record<string, (shape: readonly number[]) => number[]>> = {
  row_var: (shape) => [...shape.slice(0, -1), 1],
  col_var: (shape) => [...shape.slice(0, -2), 1, ...shape.slice(-1)],
};

/** The state of an optimizer, or of what a state says, with the shapes of its parameters. */
export function optimizer_parts(path: string, given: object, model: Model): OptimizerParts {
  if (!is_object(given)) refuse(path, "an optimizer or its state_dict()", given);
  const { state_dict } = given;
  const is_alive = typeof state_dict === "function";
  const dict: unknown = is_alive ? state_dict.call(given, { arrays: "typed" }) : given;
  if (!is_object(dict)) refuse(path, "an optimizer or its state_dict()", dict);
  const { state, param_groups } = dict;
  if (!is_object(state)) refuse(`${path}.state`, "an object", state);
  if (!are_groups(param_groups)) refuse(`${path}.param_groups`, "a list of groups", param_groups);
  const known = is_alive
    ? of_params(
        (given.param_groups as { params: readonly Given[] }[]).flatMap(({ params }) => params),
      )
    : of_model(path, param_groups, model);
  const parts = new Map<number, ReadonlyMap<string, EntryPart>>();
  for (const [index, entries] of Object.entries(state)) {
    const name = `${path}.state[${index}]`;
    if (!is_object(entries)) refuse(name, "an object", entries);
    parts.set(Number(index), entries_of(name, entries, known(Number(index))));
  }
  return { state: parts, param_groups };
}

type Group = Readonly<Record<string, unknown>> & { readonly params: readonly unknown[] };

function are_groups(value: unknown): value is Group[] {
  return (
    Array.isArray(value) && value.every((each) => is_object(each) && Array.isArray(each.params))
  );
}

interface Given {
  readonly data: TensorData;
  readonly shape?: readonly number[];
}

type Lookup = (index: number) => Known;

function of_params(params: readonly Given[]): Lookup {
  return (index) => known_of(params[index], false);
}

function known_of({ data, shape = [data.length] }: Given, is_found: boolean): Known {
  return { shape, is_float32: data instanceof Float32Array, is_found };
}

/** The parameters that a state speaks of are those of the model with their names, or in its order. */
function of_model(path: string, groups: readonly Group[], model: Model): Lookup {
  const names = groups.flatMap(({ params, param_names }) =>
    Array.isArray(param_names) ? param_names : params.map(() => undefined),
  );
  const indices = groups.flatMap(({ params }) => params);
  const in_order = [...model.values()];
  return (index) => {
    const name = names[indices.indexOf(index)];
    const tensor = name === undefined ? in_order[index] : model.get(name);
    const is_found = name !== undefined || in_order.length === indices.length;
    if (tensor && is_found) return known_of(tensor, true);
    throw new Error(
      `${path}.state[${index}] must belong to a tensor of the model, by its name or by its place ` +
        `among ${indices.length}, since it does not say its shape; give the optimizer itself`,
    );
  };
}

function entries_of(
  path: string,
  entries: Readonly<Record<string, unknown>>,
  known: Known,
): Map<string, EntryPart> {
  // LBFGS keeps all parameters in one row, together with the first of them.
  const is_flat = "func_evals" in entries;
  const read = is_flat ? flat_entry : entry;
  return new Map(
    Object.entries(entries).map(([key, value]) => {
      const name = dotted(path, key);
      return [key, scalar_in(value) ?? read(name, key, value, known)];
    }),
  );
}

/** An entry that has no numbers of its own. */
function scalar_in(value: unknown): EntryPart | undefined {
  return value === null ? null : number_in(value);
}

/** An entry that is as large as its parameter, or a list. */
function entry(name: string, key: string, value: unknown, known: Known): EntryPart {
  if (!is_array(value)) return tensor_of(name, value);
  const shape = SHAPES[key]?.(known.shape) ?? known.shape;
  if (!Array.isArray(value)) return shaped(name, value as TensorData, shape, known);
  const are_all =
    value.length === numel(shape) && value.every((item) => number_in(item) !== undefined);
  if (are_all) return vector(name, value, known, shape);
  return value.map((item, i) => scalar_in(item) ?? entry(`${name}[${i}]`, key, item, known));
}

const VECTORS: readonly string[] = ["d", "prev_flat_grad"];
const LISTS_OF_VECTORS: readonly string[] = ["old_dirs", "old_stps"];

/** An entry of LBFGS. */
function flat_entry(name: string, key: string, value: unknown, known: Known): EntryPart {
  if (VECTORS.includes(key)) return vector(name, value, known);
  if (!Array.isArray(value)) refuse(name, "a list", value);
  const read = LISTS_OF_VECTORS.includes(key) ? vector : only_scalar;
  return value.map((item, i) => read(`${name}[${i}]`, item, known));
}

function only_scalar(name: string, value: unknown): EntryPart {
  const scalar = scalar_in(value);
  return scalar === undefined ? refuse(name, "a number or null", value) : scalar;
}

/** Numbers in the parameter's precision, by default in one row. */
function vector(name: string, value: unknown, known: Known, shape?: readonly number[]): Tensor {
  if (!Array.isArray(value)) return tensor_of(name, value);
  const data = new (known.is_float32 ? Float32Array : Float64Array)(value.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = number_in(value[i]) ?? refuse(`${name}[${i}]`, "a number", value[i]);
  }
  return tensor_of(name, { data, shape });
}

/** An array in the shape that it must have; one that an optimizer of one's own keeps may have another. */
function shaped(
  name: string,
  data: TensorData,
  shape: readonly number[],
  { is_found }: Known,
): Tensor {
  const fits = numel(shape) === data.length;
  if (fits || !is_found) return tensor_of(name, { data, shape: fits ? shape : [data.length] });
  throw new RangeError(`${name} must have ${numel(shape)} numbers, got ${data.length}`);
}

export function number_in(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return WORDS.includes(value) ? Number(value) : undefined;
}
