// Writes the tensors of the safetensors library's file again, with an optimizer's state beside them.
import { readFileSync, writeFileSync } from "node:fs";
import { read_safetensors, save_safetensors } from "torch-optim-checkpoint";

const [folder] = process.argv.slice(2);
const { tensors } = read_safetensors(readFileSync(`${folder}/all.safetensors`));
const optimizer = {
  state: { 0: { momentum_buffer: [1, 2, 3, 4, 5, 6] } },
  param_groups: [{ lr: 0.1, params: [0], param_names: ["matrix"] }],
};
writeFileSync(`${folder}/here.safetensors`, save_safetensors({ model: tensors, optimizer }));
