import { defineConfig } from "tsdown";

export default defineConfig({
  cwd: import.meta.dirname,
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  platform: "neutral",
  target: "es2022",
  dts: true,
  fixedExtension: false,
});
