import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const conditions = ["@torch-optim/source"];

export default defineConfig({
  title: "torch-optim",
  description: "PyTorch's torch.optim for TypeScript: learning-rate schedules that are right.",
  // Where a project's pages live on the common code host: under its name.
  base: process.env.SITE_BASE ?? "/",
  srcDir: fileURLToPath(new URL("../../../docs", import.meta.url)),
  cleanUrls: true,
  ignoreDeadLinks: true,
  vite: {
    worker: { format: "es" },
    build: { target: "es2022" },
    resolve: { conditions },
    ssr: { noExternal: ["torch-optim", "torch-optim-cli"], resolve: { conditions } },
  },
});
