import * as torch from "torch-optim";
import {
  type CheckpointParts,
  load_pt,
  load_safetensors,
  save_pt,
  save_safetensors,
} from "torch-optim-checkpoint";

/** Half a million numbers, and so 16 million in a model of 32 layers. */
const ROWS = 1000;
const COLUMNS = 500;
const LAYERS = 32;
const ROUNDS = 7;

/** The seconds that everything took, one entry a round. */
export type FileTimes = Record<string, number[]>;

/** Writes and reads the state of a model and its AdamW in memory, in Node.js or in a page. */
export function measureFiles(): FileTimes {
  const { parts, optimizer, other } = start();
  const pt = save_pt(parts);
  const safetensors = save_safetensors(parts);
  const typed = optimizer.state_dict({ arrays: "typed" });
  const sides: Record<string, () => unknown> = {
    copy: () => pt.slice(),
    save_pt: () => save_pt(parts),
    load_pt: () => load_pt(pt),
    save_safetensors: () => save_safetensors(parts),
    load_safetensors: () => load_safetensors(safetensors),
    'state_dict({ arrays: "typed" })': () => optimizer.state_dict({ arrays: "typed" }),
    load_state_dict: () => other.load_state_dict(typed),
  };
  const times: FileTimes = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const [name, side] of Object.entries(sides)) {
      const before = performance.now();
      side();
      if (round >= 0) times[name].push((performance.now() - before) / 1000);
    }
  }
  return times;
}

function start() {
  const layers = Array.from({ length: LAYERS }, (_, i) => {
    const values = Float32Array.from({ length: ROWS * COLUMNS }, (_, k) => Math.sin(i + k));
    return new torch.Parameter(values, [ROWS, COLUMNS]);
  });
  const optimizer = new torch.optim.AdamW(layers);
  const other = new torch.optim.AdamW(layers);
  for (const layer of layers) layer.grad = layer.data;
  for (const each of [optimizer, other]) each.step();
  const model = Object.fromEntries(layers.map((layer, i) => [`layers.${i}.weight`, layer]));
  const parts: CheckpointParts = { model, optimizer: optimizer.state_dict({ arrays: "typed" }) };
  return { parts, optimizer, other };
}
