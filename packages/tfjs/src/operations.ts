import * as tf from "@tensorflow/tfjs-core";
import type { Operations } from "torch-optim/place";

type Uniform = number | boolean;

/** An operand; a number becomes a tensor of float32, rounded once. */
function operand(x: tf.Tensor | Uniform): tf.Tensor {
  return x instanceof tf.Tensor ? x : tf.scalar(Number(x), "float32");
}

type Binary = Operations<tf.Tensor, Uniform>["add"];

function binary(op: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor): Binary {
  return (x, y) => op(operand(x), operand(y));
}

/** TensorFlow's operations, where what is the same for all elements is known when they are called. */
export const OPERATIONS: Operations<tf.Tensor, Uniform> = {
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary(tf.div),
  max: binary(tf.maximum),
  min: binary(tf.minimum),
  neg: tf.neg,
  sqrt: tf.sqrt,
  abs: tf.abs,
  lt: binary(tf.less),
  le: binary(tf.lessEqual),
  gt: binary(tf.greater),
  ge: binary(tf.greaterEqual),
  eq: binary(tf.equal),
  ne: binary(tf.notEqual),
  and: tf.logicalAnd,
  or: tf.logicalOr,
  not: tf.logicalNot,
  where: (test, yes, no) => tf.where(test, operand(yes), operand(no)),
  choose: (test, yes, no) => operand(test ? yes() : no()),
};
