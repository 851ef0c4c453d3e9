import { defineConfig } from "tsdown";

export default defineConfig({
  cwd: import.meta.dirname,
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  platform: "neutral",
  target: "es2022",
  dts: true,
  // Modules stay apart, so that a bundler drops the optimizers that are not used.
  unbundle: true,
  fixedExtension: false,
});
