import { type Expression, parts_of, type Statement } from "./kernel.ts";

/**
 * Takes the tests that come out alike for all elements out of a loop: `leaf` is given the body for
 * each combination of their outcomes, and `branch` joins what it made of the two sides of a test.
 */
export function unswitch<T>(
  body: readonly Statement[],
  is_uniform: (expression: Expression) => boolean,
  leaf: (body: readonly Statement[]) => T,
  branch: (test: Expression, yes: T, no: T) => T,
): T {
  const test = tests_in(body).find(is_uniform);
  if (!test) return leaf(body);
  const [yes, no] = [true, false].map((outcome) =>
    unswitch(decide_all(body, test, outcome), is_uniform, leaf, branch),
  );
  return branch(test, yes, no);
}

function tests_in(body: readonly Statement[]): Expression[] {
  return body.flatMap((statement) =>
    statement.kind === "when"
      ? [statement.test, ...tests_in(statement.body)]
      : tests_of(statement.value),
  );
}

function tests_of(expression: Expression): Expression[] {
  const inner = parts_of(expression).flatMap(tests_of);
  return expression.kind === "choice" ? [expression.test, ...inner] : inner;
}

function decide_all(
  body: readonly Statement[],
  test: Expression,
  outcome: boolean,
): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    if (statement.kind !== "when") {
      return [{ ...statement, value: decide(statement.value, test, outcome) }];
    }
    const inner = decide_all(statement.body, test, outcome);
    if (!is_same(statement.test, test)) return [{ ...statement, body: inner }];
    return outcome ? inner : [];
  });
}

function decide(expression: Expression, test: Expression, outcome: boolean): Expression {
  const inner = (part: Expression) => decide(part, test, outcome);
  switch (expression.kind) {
    case "unary":
      return { ...expression, operand: inner(expression.operand) };
    case "binary":
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    case "choice": {
      const { yes, no } = expression;
      if (is_same(expression.test, test)) return inner(outcome ? yes : no);
      return { ...expression, test: inner(expression.test), yes: inner(yes), no: inner(no) };
    }
    default:
      return expression;
  }
}

function is_same(one: Expression, other: Expression): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
