import { defineConfig } from "tsdown";

export default defineConfig({
  cwd: import.meta.dirname,
  entry: ["src/main.ts"],
  platform: "node",
  target: "node20",
  dts: false,
  fixedExtension: false,
});
