import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Vite from "vite";
import { BUILT, SITE } from "./folders.ts";

const ENTRY = join(SITE, "src", "element", "standalone.ts");
const FILE = "torch-curve.js";

/** Writes `<torch-curve>` into the built site once more as one file, for pages elsewhere. */
export async function writeElement(): Promise<void> {
  const { build } = await ofVitePress<typeof Vite>("vite", "dist/node/index.js");
  const { default: vue } = await ofVitePress<{ default: VuePlugin }>(
    "@vitejs/plugin-vue",
    "index.mjs",
  );
  await build({
    configFile: false,
    root: SITE,
    logLevel: "warn",
    publicDir: false,
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    // All styles go into the element's own root: the page around it has none of them.
    plugins: [vue({ customElement: true })],
    resolve: { conditions: ["@torch-optim/source"] },
    build: {
      outDir: BUILT,
      emptyOutDir: false,
      target: "es2022",
      minify: "esbuild",
      lib: { entry: ENTRY, formats: ["es"], fileName: () => FILE },
    },
  });
}

type VuePlugin = (options: { customElement: boolean }) => Vite.Plugin;

/** A module of a package in the version that VitePress brings, found from the one that `require` gives. */
async function ofVitePress<T>(name: string, file: string): Promise<T> {
  const { resolve } = createRequire(fileURLToPath(import.meta.resolve("vitepress")));
  return import(new URL(file, pathToFileURL(resolve(name))).href);
}
