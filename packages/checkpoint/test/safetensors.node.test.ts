import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "torch-optim";
import {
  CheckpointError,
  load_safetensors,
  load_sharded,
  load_trainer,
  read_safetensors,
  save_safetensors,
  save_safetensors_to,
  write_safetensors,
} from "torch-optim-checkpoint";
import { describe, expect, it, test } from "vitest";
import expected from "./fixtures/safetensors.json";
import { described, EXPECTED, fixture } from "./support/fixtures.ts";

const ALL = fixture("all.safetensors");

describe(`a file of safetensors ${expected.safetensors}`, () => {
  it("is read to the last bit", () => {
    const { tensors, metadata } = read_safetensors(ALL);
    expect(described(tensors)).toEqual(expected.tensors);
    expect(metadata).toEqual({ format: "pt", note: "ä" });
  });

  it("is read from a Blob as from memory", async () => {
    expect(await read_safetensors(new Blob([ALL as BlobPart]))).toEqual(read_safetensors(ALL));
  });

  it("is the same again once it is written here", () => {
    const { tensors, metadata } = read_safetensors(ALL);
    expect(read_safetensors(write_safetensors(tensors, metadata))).toEqual({ tensors, metadata });
  });

  it("is a model for those who load a checkpoint", () => {
    const { model, optimizer, scheduler, extra } = load_safetensors(ALL);
    expect(model).toEqual(read_safetensors(ALL).tensors);
    expect([optimizer, scheduler, extra]).toEqual([{ state: {}, param_groups: [] }, {}, {}]);
  });
});

function start() {
  const weight = new torch.Parameter(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  const bias = new torch.Parameter(Float32Array.of(1, -2));
  const optimizer = new torch.optim.Adam([weight, bias], { lr: 0.1 });
  const scheduler = new torch.optim.ReduceLROnPlateau(optimizer, { patience: 1 });
  return { model: { weight, bias }, optimizer, scheduler };
}

function train({ model, optimizer, scheduler }: ReturnType<typeof start>, epochs: number): void {
  for (let i = 0; i < epochs; i++) {
    for (const param of Object.values(model)) param.grad = param.data.map((x) => 2 * x);
    optimizer.step();
    scheduler.step(1);
  }
}

describe("a checkpoint as safetensors", () => {
  const whole = start();
  train(whole, 3);
  const extra = {
    epoch: 3,
    best: Infinity,
    low: [-0, Number.NaN],
    $tensor: "text",
    moments: { data: Float64Array.of(1, 2), shape: [2, 1] },
  };
  const bytes = save_safetensors({ ...whole, extra } as never);

  it("goes on to the last bit", () => {
    const saved = load_safetensors(bytes);
    const run = start();
    run.model.weight.data.set(saved.model.weight.data as Float32Array);
    run.model.bias.data.set(saved.model.bias.data as Float32Array);
    run.optimizer.load_state_dict(saved.optimizer);
    run.scheduler.load_state_dict(saved.scheduler);
    const again = structuredClone([run.optimizer.state_dict(), run.scheduler.state_dict()]);
    expect(again).toEqual([whole.optimizer.state_dict(), whole.scheduler.state_dict()]);
  });

  it("has its data beside it", () => {
    const moments = { dtype: "float64", shape: [2, 1], data: Float64Array.of(1, 2) };
    expect(load_safetensors(bytes).extra).toEqual({ ...extra, moments });
  });

  it("shows any library the model's tensors by their own names, and the optimizer's by PyTorch's", () => {
    const { tensors } = read_safetensors(bytes);
    expect(Object.keys(tensors).sort()).toEqual([
      "bias",
      "extra.moments",
      "optimizer.state.0.exp_avg",
      "optimizer.state.0.exp_avg_sq",
      "optimizer.state.1.exp_avg",
      "optimizer.state.1.exp_avg_sq",
      "weight",
    ]);
    expect(tensors["optimizer.state.0.exp_avg"].shape).toEqual([2, 3]);
  });

  it("is written piece by piece with the same bytes", async () => {
    const pieces: number[] = [];
    await save_safetensors_to({ write: (piece) => pieces.push(...piece) as never }, {
      ...whole,
      extra,
    } as never);
    expect(Uint8Array.from(pieces)).toEqual(bytes);
  });

  it("refuses a model whose tensor has the name of one of the optimizer's", () => {
    const model = { ...whole.model, "optimizer.state.0.exp_avg": [1] };
    expect(() => save_safetensors({ ...whole, model })).toThrow(
      "save_safetensors: optimizer.state.0.exp_avg must not be the name of a tensor of the model",
    );
  });
});

const FOLDER = join(import.meta.dirname, "fixtures");
const open = (name: string) => readFileSync(join(FOLDER, name));

describe("a model in several files", () => {
  it("is put together as its index says", async () => {
    const model = await load_sharded(open("model.safetensors.index.json"), open);
    const { matrix, scalar, float16, empty } = expected.tensors;
    expect(described(model)).toEqual({ matrix, scalar, float16, empty });
  });

  const index = (weight_map: unknown) => new TextEncoder().encode(JSON.stringify({ weight_map }));
  const [, shard] = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
  test.each([
    [{ a: "../secret" }, '"a" must be in a file of the same folder, got "../secret"'],
    [{ a: "/etc/passwd" }, "must be in a file of the same folder"],
    [{ a: "C:\\x" }, "must be in a file of the same folder"],
    [{ a: ".." }, "must be in a file of the same folder"],
    [{ a: 3 }, "must be in a file of the same folder"],
    [{ a: shard }, `"a" must be in "${shard}", as the index says`],
    [null, "the index must have a weight_map"],
  ])("is refused with the index %j", async (weight_map, sentence) => {
    const opened: string[] = [];
    const watched = (name: string) => {
      opened.push(name);
      return open(name);
    };
    const refused = load_sharded(index(weight_map), watched);
    await expect(refused).rejects.toThrow(CheckpointError);
    await expect(refused).rejects.toThrow(sentence);
    expect(opened.filter((name) => name !== shard)).toEqual([]);
  });
});

describe("the folder of a Trainer", () => {
  const state = '{"epoch": 2.5, "log_history": [{"loss": NaN, "note": "NaN \\" Infinity"}]}';
  const files: Record<string, () => Uint8Array> = {
    "optimizer.pt": () => open("optimizer.pt"),
    "scheduler.pt": () => open("scheduler.pt"),
    "trainer_state.json": () => new TextEncoder().encode(state),
  };

  it("is loaded as one checkpoint, the model from its shards", async () => {
    const shards = (name: string) => (name.startsWith("model") ? open : files[name])?.(name);
    const saved = await load_trainer((name) =>
      name === "model.safetensors" ? undefined : shards(name),
    );
    expect(Object.keys(saved.model).sort()).toEqual(["empty", "float16", "matrix", "scalar"]);
    expect(saved.scheduler.last_epoch).toBe(EXPECTED.training.epoch);
    expect(saved.optimizer.param_groups).toHaveLength(1);
    expect(saved.extra).toEqual({
      epoch: 2.5,
      log_history: [{ loss: "NaN", note: 'NaN " Infinity' }],
    });
  });

  it("may have the model in one file, or none", async () => {
    const whole = await load_trainer((name) =>
      name === "model.safetensors" ? ALL : files[name]?.(),
    );
    expect(whole.model).toEqual(read_safetensors(ALL).tensors);
    const none = await load_trainer((name) => files[name]?.());
    expect(none.model).toEqual({});
  });
});
