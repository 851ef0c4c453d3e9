// Writes the checkpoints of epochs FROM to the one before TO, the last of which may not come through.
import { write_checkpoint } from "torch-optim-checkpoint";

const [path, from, to, keep] = process.argv.slice(2);
for (let epoch = Number(from); epoch < Number(to); epoch++) {
  if (epoch === Number(to) - 1) process.emit("begin" as never);
  const model = { weight: new Float32Array(1000).fill(epoch) };
  await write_checkpoint(path, { model, extra: { epoch } }, { keep: Number(keep) });
}
