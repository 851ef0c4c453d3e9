import { is_parameter, type ParameterLike } from "../parameter.ts";
import type { PlacedParameter } from "../place.ts";
import { is_object, refuse } from "../refusal.ts";
import type { SchedulableGroup } from "./param_group.ts";

/** What every optimizer takes. */
export interface OptimizerOptions {
  /** The learning rate, a finite number of at least 0. */
  lr?: number;
}

/** A parameter and its name, as PyTorch's `named_parameters()` gives them. */
export type NamedParameter = readonly [name: string, param: AnyParameter];

/** A parameter in JavaScript's memory or at another place. */
export type AnyParameter = ParameterLike | PlacedParameter;

/** Parameters, all with names or none. */
export type ParameterList = readonly AnyParameter[] | readonly NamedParameter[];

/** Parameters that share options; what is left out is as the optimizer's own options say. */
export type ParamGroupOptions<Options> = Partial<Options> & {
  /** The parameters. */
  params: ParameterList;
  /** What the group is called, for those who look for it. */
  name?: string;
};

/** Parameters, or groups of them. */
export type Params<Options> = ParameterList | readonly ParamGroupOptions<Options>[];

/**
 * A parameter group: its parameters, its options, and what schedulers note. Whatever else a user
 * writes into it stays.
 */
export type ParamGroup<Options> = Required<Options> &
  SchedulableGroup & {
    /** The parameters. */
    params: ParameterLike[];
    /** What the group is called. */
    name?: string;
    /** What its parameters are called, if they were given with names. */
    param_names?: string[];
  };

/** Groups out of groups, or of parameters, which make up one. */
export function groups_of<Options>(owner: string, params: Params<Options>) {
  if (!Array.isArray(params) || params.length === 0) {
    refuse(`${owner}: params`, "a list of at least one parameter or group", params);
  }
  const has_groups = params.some((item) => is_object(item) && "params" in item);
  return (has_groups ? params : [{ params }]) as readonly ParamGroupOptions<Options>[];
}

/** The parameters of a group apart from their names, which are as many, or none. */
export function members_of(name: string, params: unknown) {
  if (!Array.isArray(params)) refuse(`${name}.params`, "a list of parameters", params);
  const names: string[] = [];
  const members = Array.from<unknown, ParameterLike>(params, (item, i) => {
    const has_name = Array.isArray(item) && item.length === 2 && typeof item[0] === "string";
    if (has_name) names.push(item[0]);
    const param = has_name ? item[1] : item;
    if (is_parameter(param)) return param;
    return refuse(`${name}.params[${i}]`, "{ data, grad } with numbers", param);
  });
  return { members, names };
}
