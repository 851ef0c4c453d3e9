import { numpy as np } from "@jax-js/jax";
import type { Operations } from "torch-optim/place";
import { type JaxArray, type Owned, use } from "./owned.ts";

type Binary = Operations<JaxArray, JaxArray>["add"];
type Unary = Operations<JaxArray, JaxArray>["neg"];

/**
 * jax-js' operations. What is the same for all elements is an array too, with one number in it, so that
 * a traced function serves all steps; tests among them are 0 or 1.
 */
export function operations(owned: Owned): Operations<JaxArray, JaxArray> {
  const binary =
    (op: (x: np.ArrayLike, y: np.ArrayLike) => JaxArray): Binary =>
    (x, y) =>
      owned.take(op(use(x), use(y)));
  const unary =
    (op: (x: np.ArrayLike) => JaxArray): Unary =>
    (x) =>
      owned.take(op(use(x)));
  const where = (test: JaxArray, yes: JaxArray | number, no: JaxArray | number) =>
    owned.take(np.where(use(test), use(yes), use(no)));
  const gt = binary(np.greater);
  return {
    add: binary(np.add),
    sub: binary(np.subtract),
    mul: binary(np.multiply),
    div: binary(np.divide),
    max: binary(np.maximum),
    min: binary(np.minimum),
    neg: unary(np.negative),
    sqrt: unary(np.sqrt),
    abs: unary(np.abs),
    lt: binary(np.less),
    le: binary(np.lessEqual),
    gt,
    ge: binary(np.greaterEqual),
    eq: binary(np.equal),
    ne: binary(np.notEqual),
    and: binary(np.logicalAnd),
    or: binary(np.logicalOr),
    not: unary(np.logicalNot),
    where,
    choose: (test, yes, no) => where(gt(test, 0.5), yes(), no()),
  };
}
