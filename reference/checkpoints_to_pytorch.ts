// Writes checkpoints of ours as .pt, of every case whose state PyTorch has gone on from, and their digests.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { save_pt } from "torch-optim-checkpoint";
import { HANDED_OVER, parts_of } from "../packages/checkpoint/test/support/handed_over.ts";

const [folder] = process.argv.slice(2);
const digests: Record<string, string[]> = {};
for (const [name, cases] of Object.entries(HANDED_OVER)) {
  mkdirSync(`${folder}/${name}`, { recursive: true });
  digests[name] = cases.map((each, i) => {
    const bytes = save_pt(parts_of(each));
    writeFileSync(`${folder}/${name}/${i}.pt`, bytes);
    writeFileSync(`${folder}/${name}/${i}.json`, JSON.stringify(each));
    return createHash("sha256").update(bytes).digest("hex");
  });
}
writeFileSync(`${folder}/digests.json`, JSON.stringify(digests));
