import { defineConfig } from "tsdown";

export default defineConfig({
  cwd: import.meta.dirname,
  entry: [
    "src/index.ts",
    "src/nn/index.ts",
    "src/optim/index.ts",
    "src/optim/lr_scheduler/index.ts",
  ],
  root: "src",
  platform: "neutral",
  target: "es2022",
  unbundle: true,
  dts: true,
  fixedExtension: false,
});
