import ts from "typescript";
import type {
  ArithmeticOp,
  BinaryOp,
  Constant,
  Expression,
  Kernel,
  Scalar,
  Statement,
  UnaryOp,
} from "./kernel.ts";

const BINARY = new Map<ts.SyntaxKind, BinaryOp>([
  [ts.SyntaxKind.PlusToken, "add"],
  [ts.SyntaxKind.MinusToken, "sub"],
  [ts.SyntaxKind.AsteriskToken, "mul"],
  [ts.SyntaxKind.SlashToken, "div"],
  [ts.SyntaxKind.LessThanToken, "lt"],
  [ts.SyntaxKind.LessThanEqualsToken, "le"],
  [ts.SyntaxKind.GreaterThanToken, "gt"],
  [ts.SyntaxKind.GreaterThanEqualsToken, "ge"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "eq"],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "ne"],
  [ts.SyntaxKind.AmpersandAmpersandToken, "and"],
  [ts.SyntaxKind.BarBarToken, "or"],
]);

const COMPOUND = new Map<ts.SyntaxKind, ArithmeticOp>([
  [ts.SyntaxKind.PlusEqualsToken, "add"],
  [ts.SyntaxKind.MinusEqualsToken, "sub"],
  [ts.SyntaxKind.AsteriskEqualsToken, "mul"],
]);

const MATH = new Map<string, UnaryOp | ArithmeticOp>([
  ["Math.sqrt", "sqrt"],
  ["Math.abs", "abs"],
  ["Math.max", "max"],
  ["Math.min", "min"],
]);

/**
 * The kernels of a file: its exported functions.
 *
 * @throws Error that names the place of what is not in the kernels' language.
 */
export function read_kernels(file_name: string, text: string): Kernel[] {
  const source = ts.createSourceFile(file_name, text, ts.ScriptTarget.ESNext, true);
  return source.statements
    .filter(ts.isFunctionDeclaration)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map(read_kernel);
}

function refuse(node: ts.Node, wanted: string): never {
  const source = node.getSourceFile();
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
  const place = `${source.fileName}:${line + 1}:${character + 1}`;
  throw new Error(`${place}: a kernel has ${wanted} here, got ${node.getText()}`);
}

function read_kernel(declaration: ts.FunctionDeclaration): Kernel {
  const { name, parameters, body } = declaration;
  if (!name || !body) refuse(declaration, "a name and a body");
  const [n, ...others] = parameters;
  if (n?.name.getText() !== "n") refuse(declaration, "n, the number of elements, first");
  const is_array = (parameter: ts.ParameterDeclaration) => parameter.type?.getText() === "Numbers";
  const scalars = others.filter((parameter) => !is_array(parameter)).map(read_scalar);
  const arrays = others.filter(is_array).map((parameter) => parameter.name.getText());
  const first_scalar = others.findIndex((parameter) => !is_array(parameter));
  if (first_scalar >= 0 && first_scalar < arrays.length) refuse(others[first_scalar], "an array");

  const loop_index = body.statements.findIndex(ts.isForStatement);
  const loop = body.statements[loop_index];
  if (!loop || !ts.isForStatement(loop)) refuse(body, "one loop");
  const head = [loop.initializer, loop.condition, loop.incrementor].map((part) => part?.getText());
  if (head.join("; ") !== "let i = 0; i < n; i++") refuse(loop, "for (let i = 0; i < n; i++)");
  const { before, accumulator } = read_before(body.statements.slice(0, loop_index));
  const [result, ...rest] = body.statements.slice(loop_index + 1);
  if (rest.length > 0) refuse(rest[0], "nothing");
  if (accumulator && result?.getText() !== `return ${accumulator.name};`) {
    refuse(result ?? loop, `return ${accumulator.name}`);
  }
  const read = read_body(loop.statement, accumulator?.name);
  const gathers = read.filter(({ kind }) => kind === "gather");
  if (gathers.length !== (accumulator ? 1 : 0)) refuse(loop, "one statement that gathers");
  return { name: name.text, arrays, scalars, before, accumulator, body: read };
}

function read_scalar(parameter: ts.ParameterDeclaration): Scalar {
  const type = parameter.type?.getText();
  if (type !== "number" && type !== "boolean") refuse(parameter, "a number or a boolean");
  return { name: parameter.name.getText(), type };
}

function read_before(statements: readonly ts.Statement[]): Pick<Kernel, "before" | "accumulator"> {
  const before: Constant[] = [];
  let accumulator: Kernel["accumulator"];
  for (const statement of statements) {
    const { name, value, is_constant } = read_declaration(statement);
    if (is_constant) before.push({ kind: "constant", name, value });
    else if (accumulator) refuse(statement, "one accumulator");
    else accumulator = { name, initial: value };
  }
  return { before, accumulator };
}

function read_declaration(statement: ts.Statement) {
  const list = ts.isVariableStatement(statement) ? statement.declarationList : undefined;
  const [declaration, ...rest] = list?.declarations ?? [];
  if (!list || !declaration?.initializer || rest.length > 0)
    refuse(statement, "const name = value");
  return {
    name: declaration.name.getText(),
    value: read_expression(declaration.initializer),
    is_constant: (list.flags & ts.NodeFlags.Const) !== 0,
  };
}

function read_body(statement: ts.Statement, accumulator?: string): Statement[] {
  const statements = ts.isBlock(statement) ? [...statement.statements] : [statement];
  return statements.map((inner) => read_statement(inner, accumulator));
}

function read_statement(statement: ts.Statement, accumulator?: string): Statement {
  if (ts.isIfStatement(statement) && !statement.elseStatement) {
    const test = read_expression(statement.expression);
    return { kind: "when", test, body: read_body(statement.thenStatement, accumulator) };
  }
  if (ts.isExpressionStatement(statement) && ts.isBinaryExpression(statement.expression)) {
    return read_assignment(statement.expression, accumulator);
  }
  const { name, value, is_constant } = read_declaration(statement);
  if (!is_constant) refuse(statement, "const");
  return { kind: "constant", name, value };
}

function read_assignment(assignment: ts.BinaryExpression, accumulator?: string): Statement {
  const { left, operatorToken, right } = assignment;
  const op = COMPOUND.get(operatorToken.kind);
  const value = read_expression(right);
  if (op === undefined && operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
    refuse(operatorToken, "=, +=, -= or *=");
  }
  if (ts.isElementAccessExpression(left)) {
    const element = read_element(left);
    if (!op) return { kind: "store", array: element.array, value };
    const changed: Expression = { kind: "binary", op, left: element, right: value };
    return { kind: "store", array: element.array, value: changed };
  }
  if (left.getText() !== accumulator) refuse(left, "an array's element or the accumulator");
  if (op === "add") return { kind: "gather", by: "add", value };
  const is_max = value.kind === "binary" && value.op === "max" && value.left.kind === "name";
  if (op || !is_max) refuse(assignment, "sum += value or largest = Math.max(largest, value)");
  return { kind: "gather", by: "max", value: value.right };
}

function read_element(access: ts.ElementAccessExpression) {
  if (access.argumentExpression.getText() !== "i") refuse(access.argumentExpression, "i");
  return { kind: "element", array: access.expression.getText() } as const;
}

function read_expression(node: ts.Expression): Expression {
  if (ts.isParenthesizedExpression(node)) return read_expression(node.expression);
  if (ts.isNumericLiteral(node)) return { kind: "number", value: Number(node.text) };
  if (ts.isIdentifier(node)) return { kind: "name", name: node.text };
  if (ts.isElementAccessExpression(node)) return read_element(node);
  if (ts.isPrefixUnaryExpression(node)) return read_prefix(node);
  if (ts.isBinaryExpression(node)) {
    const op = BINARY.get(node.operatorToken.kind);
    if (!op) refuse(node.operatorToken, "arithmetic or a comparison");
    const [left, right] = [read_expression(node.left), read_expression(node.right)];
    return { kind: "binary", op, left, right };
  }
  if (ts.isConditionalExpression(node)) {
    const [test, yes, no] = [node.condition, node.whenTrue, node.whenFalse].map(read_expression);
    return { kind: "choice", test, yes, no };
  }
  return ts.isCallExpression(node) ? read_call(node) : refuse(node, "an expression");
}

function read_prefix(node: ts.PrefixUnaryExpression): Expression {
  const operand = read_expression(node.operand);
  if (node.operator === ts.SyntaxKind.MinusToken) return { kind: "unary", op: "neg", operand };
  if (node.operator === ts.SyntaxKind.ExclamationToken)
    return { kind: "unary", op: "not", operand };
  return refuse(node, "- or !");
}

function read_call(node: ts.CallExpression): Expression {
  const op = MATH.get(node.expression.getText());
  const [left, right, ...rest] = node.arguments.map(read_expression);
  if (op === "sqrt" || op === "abs") return { kind: "unary", op, operand: left };
  if (!op || op === "neg" || op === "not" || rest.length > 0 || !right) {
    refuse(node, `one of ${[...MATH.keys()].join(", ")}`);
  }
  return { kind: "binary", op, left, right };
}
