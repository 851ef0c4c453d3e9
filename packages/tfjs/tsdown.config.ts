import { defineConfig } from "tsdown";

export default defineConfig({
  cwd: import.meta.dirname,
  entry: ["src/index.ts"],
  platform: "neutral",
  target: "es2022",
  dts: true,
  fixedExtension: false,
});
