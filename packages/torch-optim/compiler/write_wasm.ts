import binaryen from "binaryen";
import {
  type Expression,
  is_flag,
  is_known_before,
  is_slow,
  is_truth,
  is_uniform,
  type Kernel,
  ROUND,
  type Statement,
} from "./kernel.ts";
import { unswitch } from "./unswitch.ts";

type Code = binaryen.ExpressionRef;

/** Bytes of a float32, and of the four in a vector. */
const SINGLE = 4;
const VECTOR = 16;
/** Vectors in one round of the loop. */
const UNROLLED = (ROUND * SINGLE) / VECTOR;

/** The upper two lanes of four, moved to where the lower two are. */
const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];

/**
 * What every kernel needs: the place in the arrays, where a loop ends, and what is gathered; under
 * names that no kernel's own can have.
 */
const OWN_LOCALS: readonly [string, binaryen.Type][] = [
  ["#i", binaryen.i32],
  ["#end", binaryen.i32],
  ["#gathered", binaryen.f64],
  ["#low", binaryen.v128],
  ["#high", binaryen.v128],
];

/**
 * A WebAssembly module with the kernels for float32, four elements at a time. It works on the memory
 * that it imports; arrays are given by their place in it, in bytes.
 */
export function write_wasm(kernels: readonly Kernel[]): Uint8Array {
  const module = new binaryen.Module();
  module.setFeatures(binaryen.Features.SIMD128);
  module.setMemory(0, 65536);
  module.addMemoryImport("0", "env", "memory");
  for (const kernel of kernels) new KernelWriter(module, kernel).write();
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(1);
  module.optimize();
  if (!module.validate()) throw new Error("the kernels' module is not valid");
  return module.emitBinary();
}

/** Where each element takes long, a second vector in a round saves no time; sums are taken by whole rounds. */
function vectors_in_round(body: readonly Statement[]): number {
  const gathers = body.some(({ kind }) => kind === "gather");
  return body.some(is_slow) && !gathers ? 1 : UNROLLED;
}

/** Writes one kernel as one function. */
class KernelWriter {
  readonly #module: binaryen.Module;
  readonly #kernel: Kernel;
  readonly #params: binaryen.Type[] = [];
  readonly #vars: binaryen.Type[] = [];
  readonly #locals = new Map<string, number>();
  #loops = 0;
  /** What is computed before the loops. */
  readonly #before: Code[] = [];

  constructor(module: binaryen.Module, kernel: Kernel) {
    this.#module = module;
    this.#kernel = kernel;
    this.#add_param("n", binaryen.i32);
    for (const array of kernel.arrays) this.#add_param(array, binaryen.i32);
    for (const { name, type } of kernel.scalars) {
      this.#add_param(name, type === "number" ? binaryen.f64 : binaryen.i32);
    }
    for (const [name, type] of OWN_LOCALS) this.#declare(name, type);
  }

  write(): void {
    const { name, before, accumulator, body } = this.#kernel;
    const m = this.#module;
    for (const { name, value } of before) {
      this.#before.push(this.#set(name, binaryen.f64, this.#uniform(value)));
    }
    if (accumulator) {
      this.#before.push(this.#set("#gathered", binaryen.f64, this.#uniform(accumulator.initial)));
    }
    const loops = this.#write_loops(body);
    const result = accumulator ? [m.return(this.#get("#gathered", binaryen.f64))] : [];
    m.addFunction(
      name,
      binaryen.createType(this.#params),
      accumulator ? binaryen.f64 : binaryen.none,
      this.#vars,
      m.block(null, [...this.#before, loops, ...result]),
    );
    m.addFunctionExport(name, name);
  }

  /** The vectors first, then what is left over, one by one. */
  #write_loops(body: readonly Statement[]): Code {
    const m = this.#module;
    const round = VECTOR * vectors_in_round(body);
    const bytes = () => m.i32.shl(m.local.get(0, binaryen.i32), m.i32.const(2));
    const gathers = body.flatMap((statement) => (statement.kind === "gather" ? [statement] : []));
    return m.block(null, [
      this.#set("#i", binaryen.i32, m.i32.const(0)),
      this.#set("#end", binaryen.i32, m.i32.and(bytes(), m.i32.const(-round))),
      ...gathers.map(({ by }) => this.#begin_gathering(by)),
      this.#vector_loops(body),
      ...gathers.map(({ by }) => this.#end_gathering(by)),
      this.#set("#end", binaryen.i32, bytes()),
      this.#loop(SINGLE, this.#singles(body)),
    ]);
  }

  /**
   * One for each outcome of the tests that are the same for all elements, but where each element takes long:
   * beside a root tests cost nothing, and code of their own much space.
   */
  #vector_loops(body: readonly Statement[]): Code {
    const is_quick = !body.some(is_slow);
    return unswitch(
      body,
      (test) => is_quick && is_uniform(this.#kernel, test),
      (variant) => {
        const count = vectors_in_round(body);
        const copies = Array.from({ length: count }, (_, i) => this.#vectors(variant, i * VECTOR));
        return this.#loop(count * VECTOR, copies.flat());
      },
      (test, yes, no) => this.#module.if(this.#uniform(test), yes, no),
    );
  }

  #loop(bytes: number, body: readonly Code[]): Code {
    const m = this.#module;
    const i = () => this.#get("#i", binaryen.i32);
    const is_on = () => m.i32.lt_u(i(), this.#get("#end", binaryen.i32));
    const advance = this.#set("#i", binaryen.i32, m.i32.add(i(), m.i32.const(bytes)));
    const label = `loop ${this.#loops++}`;
    return m.if(is_on(), m.loop(label, m.block(null, [...body, advance, m.br(label, is_on())])));
  }

  #vectors(body: readonly Statement[], offset: number): Code[] {
    const m = this.#module;
    const at = (array: string) => this.#address(array);
    return this.#statements(body, {
      type: binaryen.v128,
      suffix: "",
      numbers: m.f32x4,
      load: (array) => m.v128.load(offset, SINGLE, at(array)),
      store: (array, value) => m.v128.store(offset, SINGLE, at(array), value),
      same: (value) => this.#hoist(value, binaryen.v128),
      choose: (test, yes, no) => m.v128.bitselect(yes, no, test),
      and: m.v128.and,
      or: m.v128.or,
      not: m.v128.not,
      gather: (by, value, lanes) => this.#gather_vector(by, value, lanes),
    });
  }

  #singles(body: readonly Statement[]): Code[] {
    const m = this.#module;
    const at = (array: string) => this.#address(array);
    return this.#statements(body, {
      type: binaryen.f32,
      suffix: "'s single",
      numbers: m.f32,
      load: (array) => m.f32.load(0, SINGLE, at(array)),
      store: (array, value) => m.f32.store(0, SINGLE, at(array), value),
      same: (value) => this.#hoist(value, binaryen.f32),
      choose: (test, yes, no) => m.select(test, yes, no),
      and: m.i32.and,
      or: m.i32.or,
      not: m.i32.eqz,
      gather: (by, value, lanes) => {
        const gathered = this.#get("#gathered", binaryen.f64);
        return this.#set("#gathered", binaryen.f64, m.f64[by](gathered, this.#wide(value, lanes)));
      },
    });
  }

  #address(array: string): Code {
    return this.#module.i32.add(this.#get(array, binaryen.i32), this.#get("#i", binaryen.i32));
  }

  #statements(body: readonly Statement[], lanes: Lanes): Code[] {
    const m = this.#module;
    return body.map((statement) => {
      if (statement.kind === "when") {
        return m.if(
          this.#test(statement.test),
          m.block(null, this.#statements(statement.body, lanes)),
        );
      }
      if (statement.kind === "gather") return lanes.gather(statement.by, statement.value, lanes);
      const value = this.#value(statement.value, lanes);
      if (statement.kind === "store") return lanes.store(statement.array, value);
      if (is_known_before(this.#kernel, statement.name)) {
        throw new Error(`${this.#kernel.name}: ${statement.name} must have one meaning`);
      }
      return this.#set(statement.name + lanes.suffix, lanes.type, value);
    });
  }

  /** The value of an expression for the elements at hand. */
  #value(expression: Expression, lanes: Lanes): Code {
    const value = (part: Expression) => this.#value(part, lanes);
    if (is_uniform(this.#kernel, expression)) return lanes.same(expression);
    switch (expression.kind) {
      case "element":
        return lanes.load(expression.array);
      case "unary":
        if (expression.op === "not") return lanes.not(value(expression.operand));
        return lanes.numbers[expression.op](value(expression.operand));
      case "binary": {
        const [left, right] = [value(expression.left), value(expression.right)];
        if (expression.op === "and" || expression.op === "or")
          return lanes[expression.op](left, right);
        return lanes.numbers[expression.op](left, right);
      }
      case "choice": {
        const { test, yes, no } = expression;
        return is_uniform(this.#kernel, test)
          ? this.#module.if(this.#test(test), value(yes), value(no))
          : lanes.choose(value(test), value(yes), value(no));
      }
      case "name":
        return this.#get(expression.name + lanes.suffix, lanes.type);
      case "number":
        throw new Error("a number is the same for all elements");
    }
  }

  /** The value of an expression for one element, in float64; a product is exact there. */
  #wide(expression: Expression, lanes: Lanes): Code {
    const m = this.#module;
    const wide = (part: Expression) => m.f64.promote(this.#value(part, lanes));
    const is_product = expression.kind === "binary" && expression.op === "mul";
    return is_product ? m.f64.mul(wide(expression.left), wide(expression.right)) : wide(expression);
  }

  /** The value of an expression that is the same for all elements, in float64. */
  #uniform(expression: Expression): Code {
    const m = this.#module;
    switch (expression.kind) {
      case "number":
        return m.f64.const(expression.value);
      case "name": {
        const type = is_flag(this.#kernel, expression.name) ? binaryen.i32 : binaryen.f64;
        return this.#get(expression.name, type);
      }
      case "unary": {
        const operand = this.#uniform(expression.operand);
        return expression.op === "not" ? m.i32.eqz(operand) : m.f64[expression.op](operand);
      }
      case "binary": {
        const [left, right] = [this.#uniform(expression.left), this.#uniform(expression.right)];
        if (expression.op === "and" || expression.op === "or")
          return m.i32[expression.op](left, right);
        return m.f64[expression.op](left, right);
      }
      case "choice":
        return m.select(
          this.#uniform(expression.test),
          this.#uniform(expression.yes),
          this.#uniform(expression.no),
        );
      case "element":
        throw new Error(`${this.#kernel.name}: an element differs from the next`);
    }
  }

  /** A value that is the same for all elements, rounded to float32 once, before the loops. */
  #hoist(expression: Expression, type: binaryen.Type): Code {
    const m = this.#module;
    if (is_truth(this.#kernel, expression))
      throw new Error(`${this.#kernel.name}: a flag must stand alone`);
    const name = `${JSON.stringify(expression)} as ${type}`;
    if (!this.#locals.has(name)) {
      const rounded = m.f32.demote(this.#uniform(expression));
      const value = type === binaryen.v128 ? m.f32x4.splat(rounded) : rounded;
      this.#before.push(this.#set(name, type, value));
    }
    return this.#get(name, type);
  }

  /** A test that is the same for all elements, made once, before the loops. */
  #test(test: Expression): Code {
    if (!is_uniform(this.#kernel, test)) {
      throw new Error(`${this.#kernel.name}: if must be uniform`);
    }
    const name = `${JSON.stringify(test)} as a test`;
    if (!this.#locals.has(name)) {
      this.#before.push(this.#set(name, binaryen.i32, this.#uniform(test)));
    }
    return this.#get(name, binaryen.i32);
  }

  #begin_gathering(by: "add" | "max"): Code {
    const m = this.#module;
    if (by === "add") {
      const zero = () => m.f64x2.splat(m.f64.const(0));
      return m.block(
        null,
        ["#low", "#high"].map((half) => this.#set(half, binaryen.v128, zero())),
      );
    }
    return this.#set("#low", binaryen.v128, m.f32x4.splat(m.f32.const(-Infinity)));
  }

  #gather_vector(by: "add" | "max", value: Expression, lanes: Lanes): Code {
    const m = this.#module;
    const [low, high] = ["#low", "#high"].map((half) => () => this.#get(half, binaryen.v128));
    if (by === "max") {
      return this.#set("#low", binaryen.v128, m.f32x4.max(low(), this.#value(value, lanes)));
    }
    // Sums are kept in float64, and products that are summed up are exact there.
    const factors = value.kind === "binary" && value.op === "mul" ? value : undefined;
    const kept = (factors ? [factors.left, factors.right] : [value]).map((part, k) =>
      this.#keep(`#kept ${k}`, this.#value(part, lanes)),
    );
    const halves = [false, true].map((upper) =>
      kept.map(({ get }) => this.#widen(get, upper)).reduce(m.f64x2.mul),
    );
    return m.block(null, [
      ...kept.map(({ set }) => set),
      this.#set("#low", binaryen.v128, m.f64x2.add(low(), halves[0])),
      this.#set("#high", binaryen.v128, m.f64x2.add(high(), halves[1])),
    ]);
  }

  /** Keeps a vector, to be read more than once. */
  #keep(name: string, value: Code): { set: Code; get: () => Code } {
    return {
      set: this.#set(name, binaryen.v128, value),
      get: () => this.#get(name, binaryen.v128),
    };
  }

  /** The lower or upper two of four float32, as float64. */
  #widen(get: () => Code, upper: boolean): Code {
    const m = this.#module;
    const half = upper ? m.i8x16.shuffle(get(), get(), UPPER_HALF) : get();
    return m.f64x2.promote_low_f32x4(half);
  }

  #end_gathering(by: "add" | "max"): Code {
    const m = this.#module;
    const low = () => this.#get("#low", binaryen.v128);
    const sum = () => m.f64x2.add(low(), this.#get("#high", binaryen.v128));
    const lanes =
      by === "add"
        ? [0, 1].map((lane) => m.f64x2.extract_lane(sum(), lane))
        : [0, 1, 2, 3].map((lane) => m.f64.promote(m.f32x4.extract_lane(low(), lane)));
    const gathered = m.f64[by](this.#get("#gathered", binaryen.f64), lanes.reduce(m.f64[by]));
    return this.#set("#gathered", binaryen.f64, gathered);
  }

  #add_param(name: string, type: binaryen.Type): void {
    this.#locals.set(name, this.#params.length);
    this.#params.push(type);
  }

  #set(name: string, type: binaryen.Type, value: Code): Code {
    return this.#module.local.set(this.#locals.get(name) ?? this.#declare(name, type), value);
  }

  #declare(name: string, type: binaryen.Type): number {
    const index = this.#params.length + this.#vars.length;
    this.#locals.set(name, index);
    this.#vars.push(type);
    return index;
  }

  #get(name: string, type: binaryen.Type): Code {
    const index = this.#locals.get(name);
    if (index === undefined) throw new Error(`${this.#kernel.name}: ${name} is not known here`);
    return this.#module.local.get(index, type);
  }
}

/** How the elements at hand are worked on: four at a time, or one. */
interface Lanes {
  readonly type: binaryen.Type;
  /** Tells the constants of the one from those of the other. */
  readonly suffix: string;
  readonly numbers: binaryen.Module["f32x4"] | binaryen.Module["f32"];
  load(array: string): Code;
  store(array: string, value: Code): Code;
  same(expression: Expression): Code;
  choose(test: Code, yes: Code, no: Code): Code;
  and(left: Code, right: Code): Code;
  or(left: Code, right: Code): Code;
  not(operand: Code): Code;
  gather(by: "add" | "max", value: Expression, lanes: Lanes): Code;
}
