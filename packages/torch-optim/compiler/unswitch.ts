import { type Expression, parts_of, type Statement } from "./kernel.ts";

/**
 * Takes tests that come out alike for all elements out of a loop, those that `is_taken` says: `leaf` is
 * given the body for each combination of their outcomes, and `branch` joins what it made of the two
 * sides of a test.
 */
export function unswitch<T>(
  body: readonly Statement[],
  is_taken: (test: Expression) => boolean,
  leaf: (body: readonly Statement[]) => T,
  branch: (test: Expression, yes: T, no: T) => T,
): T {
  const tests = tests_in(body).filter(is_taken);
  // Flags first: what one of them leaves out may take other tests along.
  const test = tests.find(({ kind }) => kind === "name") ?? tests[0];
  if (!test) return leaf(body);
  const [yes, no] = [true, false].map((outcome) =>
    unswitch(drop_unused(decide_all(body, test, outcome)), is_taken, leaf, branch),
  );
  return branch(test, yes, no);
}

/** Leaves out the constants that nothing after them asks for. */
function drop_unused(body: readonly Statement[]): readonly Statement[] {
  const kept: Statement[] = [];
  const used = new Set<string>();
  for (const statement of body.toReversed()) {
    if (statement.kind === "constant" && !used.has(statement.name)) continue;
    for (const name of names_in([statement])) used.add(name);
    kept.unshift(statement);
  }
  return kept;
}

function names_in(body: readonly Statement[]): string[] {
  return body.flatMap((statement) =>
    statement.kind === "when"
      ? [...names_of(statement.test), ...names_in(statement.body)]
      : names_of(statement.value),
  );
}

function names_of(expression: Expression): string[] {
  if (expression.kind === "name") return [expression.name];
  return parts_of(expression).flatMap(names_of);
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
