import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { thrown } from "../support/refusal.ts";

const { SGD, Adam } = torch.optim;

const param = (...values: number[]) => new torch.Parameter(values.length > 0 ? values : [1]);

/** A group of an optimizer with keys that are no options. */
const tagged = (tags: object) => ({ params: [param()], ...tags });
const tags_of = ({ param_groups }: torch.optim.Optimizer, g = 0) =>
  param_groups[g] as unknown as Record<string, unknown>;

/** A state as JSON that may be changed. */
type State = { state: object; param_groups: Record<string, unknown>[] };
const saved = (optimizer: torch.optim.Optimizer): State =>
  JSON.parse(JSON.stringify(optimizer.state_dict()));

describe("keys of a group that are no options", () => {
  test("stay in it as they are; a state has those that are data", () => {
    const tags = {
      name: "head",
      depth: 3,
      path: ["a", { b: null }],
      hook: () => 1,
      since: new Date(),
    };
    const optimizer = new SGD([tagged(tags)], { lr: 0.5 });
    expect(optimizer.param_groups[0]).toMatchObject(tags);
    const [group] = optimizer.state_dict().param_groups;
    expect(group).toMatchObject({ name: "head", depth: 3, path: ["a", { b: null }], lr: 0.5 });
    expect(Object.keys(group)).not.toContain("hook");
    expect(Object.keys(group)).not.toContain("since");
  });

  test("a state's come before the group's own, which stay where it has none", () => {
    const from = new SGD([tagged({ name: "encoder", depth: 1 })]);
    const into = new SGD([tagged({ name: "?", width: 2, initial_lr: 0.25 })]);
    const state = saved(from);
    into.load_state_dict(state);
    expect(into.param_groups[0]).toMatchObject({
      name: "encoder",
      depth: 1,
      width: 2,
      initial_lr: 0.25,
    });
  });

  test("a copy of a state's is taken", () => {
    const optimizer = new SGD([param()]);
    const state = saved(optimizer);
    const path = [1, 2];
    state.param_groups[0].path = path;
    optimizer.load_state_dict(state);
    path.push(3);
    expect(tags_of(optimizer).path).toEqual([1, 2]);
  });

  test("such as every object has are passed over", () => {
    const text = '{"params": [], "__proto__": {"lr": 7}, "constructor": 1, "toString": 2}';
    const optimizer = new SGD([{ ...JSON.parse(text), params: [param()] }]);
    const group = JSON.stringify(optimizer.state_dict().param_groups[0]).slice(1);
    const state = JSON.parse(`{"state": {}, "param_groups": [{"__proto__": {"lr": 7}, ${group}]}`);
    optimizer.load_state_dict(state);
    expect(Object.getPrototypeOf(optimizer.param_groups[0])).toBe(Object.prototype);
    expect(Object.hasOwn(optimizer.param_groups[0], "toString")).toBe(false);
  });

  test.each<[string, unknown, ErrorConstructor, string]>([
    ["name", 5, TypeError, "must be a string, got 5"],
    ["param_names", ["a", "b"], TypeError, 'must be a list of 1 strings, got ["a", "b"]'],
    ["initial_lr", -1, RangeError, "must be a finite number of at least 0, got -1"],
    ["initial_lr", "1", TypeError, 'must be a finite number of at least 0, got "1"'],
    ["initial_betas", [0.9], RangeError, "must be two numbers from 0 to below 1, got [0.9]"],
    ["initial_betas", [0.9, 1], RangeError, "must be two numbers from 0 to below 1, got [0.9, 1]"],
    ["initial_momentum", [0.9, 0.9], TypeError, "must be a finite number, got [0.9, 0.9]"],
    ["initial_weight_decay", "x", TypeError, 'must be a finite number of at least 0, got "x"'],
  ])("that have a meaning are checked: %s %j", (key, value, error, message) => {
    const refusal = thrown(() => new Adam([tagged({ [key]: value })]));
    expect(refusal.message).toBe(`Adam: param_groups[0].${key} ${message}`);
    expect(refusal.message.length).toBeLessThan(200);
    const optimizer = new Adam([param()]);
    const state = saved(optimizer);
    state.param_groups[0][key] = value;
    const before = optimizer.state_dict();
    const refused = thrown(() => optimizer.load_state_dict(state));
    expect(refused.message).toBe(`Adam: state_dict.param_groups[0].${key} ${message}`);
    expect([refusal.constructor, refused.constructor]).toEqual([error, error]);
    expect(optimizer.state_dict()).toEqual(before);
  });

  test.each<[string, unknown]>([
    ["a function", () => 1],
    ["a function inside a list", [1, [() => 1]]],
    ["an object of a class", { since: new Date(0) }],
    ["a hole", new Array(2)],
    ["a bigint", 1n],
  ])("of a state that are no data are refused, and nothing changes: %s", (_, value) => {
    const optimizer = new SGD([param()], { lr: 0.1 });
    const before = optimizer.state_dict();
    const state = saved(optimizer);
    Object.assign(state.param_groups[0], { lr: 0.7, tag: value });
    expect(() => optimizer.load_state_dict(state)).toThrow(
      "SGD: state_dict.param_groups[0].tag must be plain data, got ",
    );
    expect(optimizer.state_dict()).toEqual(before);
  });

  test("of a state that never end are refused", () => {
    const optimizer = new SGD([param()]);
    const loop: unknown[] = [];
    loop.push(loop);
    let deep: unknown = 1;
    for (let i = 0; i < 1e5; i++) deep = [deep];
    for (const value of [loop, deep]) {
      const state = saved(optimizer);
      state.param_groups[0]["x".repeat(1000)] = value;
      const { message } = thrown(() => optimizer.load_state_dict(state));
      expect(message).toMatch(
        /^SGD: state_dict\.param_groups\[0\]\.x+… must be plain data, got \[a list\]$/,
      );
      expect(message.length).toBeLessThan(200);
    }
  });
});

describe("parameters with names", () => {
  const model = { weight: param(1, 2), bias: param(3) };

  test("are pairs, as PyTorch's named_parameters(), and keep them in the group and its state", () => {
    const optimizer = new SGD(Object.entries(model), { lr: 1 });
    expect(optimizer.param_groups[0].param_names).toEqual(["weight", "bias"]);
    expect(optimizer.param_groups[0].params).toEqual([model.weight, model.bias]);
    const [group] = optimizer.state_dict().param_groups;
    expect(group).toMatchObject({ param_names: ["weight", "bias"], params: [0, 1] });
    model.bias.grad = [1];
    optimizer.step();
    expect(model.bias.data[0]).toBe(2);
    optimizer.add_param_group({ params: [["head", param()]], name: "head" });
    expect(optimizer.param_groups[1].param_names).toEqual(["head"]);
  });

  test("are matched by their order; a state's names are taken, and stay where it has none", () => {
    const named = () => new SGD([["a", param()]]);
    const other = saved(new SGD([["b", param()]]));
    const into = named();
    into.load_state_dict(other);
    expect(into.param_groups[0].param_names).toEqual(["b"]);
    const keeping = named();
    keeping.load_state_dict(saved(new SGD([param()])));
    expect(keeping.param_groups[0].param_names).toEqual(["a"]);
  });

  test("a group in which only some have one is refused", () => {
    const mixed = [["a", param()], param()] as never;
    expect(() => new SGD(mixed)).toThrow(
      'SGD: param_groups[0].param_names must be a list of 2 strings, got ["a"]',
    );
  });
});

describe("add_param_group", () => {
  test("does not look through the groups that are there, however many", () => {
    const optimizer = new SGD([param()]);
    let reads = 0;
    const [first] = optimizer.param_groups;
    const { params } = first;
    const counted = {
      get: () => {
        reads++;
        return params;
      },
    };
    Object.defineProperty(first, "params", counted);
    for (let g = 0; g < 100; g++) optimizer.add_param_group({ params: [param()] });
    expect(reads).toBe(0);
    expect(() => optimizer.add_param_group({ params })).toThrow(/in one group and once/);
  });

  test("refuses a parameter that stands twice in it, and takes one whose group was taken out", () => {
    const optimizer = new SGD([param()]);
    const p = param();
    expect(() => optimizer.add_param_group({ params: [param(), p, p] })).toThrow(
      "SGD: a parameter must stand in one group and once, got params[2] of group 1 again",
    );
    optimizer.add_param_group({ params: [p] });
    optimizer.param_groups.pop();
    optimizer.add_param_group({ params: [p] });
    expect(optimizer.param_groups).toHaveLength(2);
  });

  test("takes the optimizer's own option where the group's is undefined, and null where it is null", () => {
    const optimizer = new SGD([{ params: [param()], lr: undefined }] as never, { lr: 0.5 });
    expect(optimizer.param_groups[0].lr).toBe(0.5);
    const matrix = new torch.Parameter([1], [1, 1]);
    const options = { adjust_lr_fn: "match_rms_adamw" } as const;
    const muon = new torch.optim.Muon([{ params: [matrix], adjust_lr_fn: null }], options);
    expect(muon.param_groups[0].adjust_lr_fn).toBeNull();
  });

  test("a parameter that is pushed into a group by hand is updated", () => {
    const optimizer = new SGD([param()], { lr: 1, momentum: 0.5 });
    const pushed: torch.ParameterLike = { data: [5], grad: [1] };
    optimizer.param_groups[0].params.push(pushed);
    optimizer.step();
    optimizer.step();
    expect(pushed.data).toEqual([5 - 1 - 1.5]);
    const wrong = { data: new Int32Array(1), grad: null } as never;
    optimizer.param_groups[0].params.push(wrong);
    expect(() => optimizer.step()).toThrow(
      "SGD: data of parameter 2 of group 0 must be a Float32Array, a Float64Array or a list of numbers",
    );
  });

  test.each<[string, unknown, string]>([
    ["options that are a number", 5, "SGD: options must be an object, got 5"],
    ["options that are a list", [], "SGD: options must be an object, got []"],
  ])("the constructor refuses %s", (_, options, message) => {
    const refusal = thrown(() => new SGD([param()], options as never));
    expect(refusal.message).toBe(message);
    expect(refusal).toBeInstanceOf(TypeError);
  });

  test.each<[string, unknown, string]>([
    ["no group", 5, "SGD: param_groups[1] must be an object, got 5"],
    [
      "no parameters",
      { lr: 1 },
      "SGD: param_groups[1].params must be a list of parameters, got undefined",
    ],
    [
      "what is no parameter",
      { params: [param(), new Float32Array(2)] },
      "SGD: param_groups[1].params[1] must be { data, grad } with numbers, got an object",
    ],
    [
      "data with a hole",
      { params: [{ data: new Array(2), grad: null }] },
      "SGD: data of parameter 0 of group 1 must hold numbers, got undefined at 0",
    ],
    [
      "an option out of its range",
      { params: [param()], lr: -1 },
      "SGD: param_groups[1].lr must be a finite number of at least 0, got -1",
    ],
  ])("refuses %s in one sentence, and nothing has changed", (_, group, message) => {
    const optimizer = new SGD([param()]);
    const before = optimizer.state_dict();
    expect(thrown(() => optimizer.add_param_group(group as never)).message).toBe(message);
    expect(optimizer.state_dict()).toEqual(before);
  });
});
