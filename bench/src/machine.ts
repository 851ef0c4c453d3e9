import { readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

const PEERS = ["torch-optim", "deepbox", "@jax-js/jax"];

/** The machine and the versions that figures were measured with, as a list. */
export function describeMachine(pytorch: string | undefined): string {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `- ${cores[0].model.trim()}, ${cores.length} cores, ${gigabytes} GB, ${platform()} ${arch()}`,
    `- Node.js ${process.versions.node} (V8 ${process.versions.v8})`,
    `- ${PEERS.map((name) => `${name} ${packageVersion(name)}`).join(", ")}`,
    `- ${pytorch ?? "PyTorch: not measured; `reference/pytorch.sh build` installs it"}`,
  ].join("\n");
}

function packageVersion(name: string): string {
  const file = join(ROOT, "node_modules", name, "package.json");
  return JSON.parse(readFileSync(file, "utf8")).version;
}
