import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { CHROMIUM_ARGS, find_chromium } from "./scripts/chromium.ts";

const resolve = { conditions: ["@torch-optim/source"] };

/** The tests of the library that ask for nothing of Node.js, and those that do. */
const OF_LIBRARY = "packages/{torch-optim,checkpoint}/test/**/*.test.ts";
const IN_NODE = "**/*.node.test.ts";
/** What runs in a browser that has a GPU, if in software; and what takes so long that it runs apart. */
const IN_GPU = "packages/*/test/gpu/**/*.test.ts";
const IN_FULL = "{packages,examples}/*/test/full/**/*.test.ts";

const executablePath = await find_chromium();
if (!executablePath) {
  console.warn("\nSKIPPED: no Chrome was found, so the library's tests run in Node.js alone.\n");
}

const node = {
  resolve: { ...resolve, externalConditions: resolve.conditions },
  ssr: { resolve },
  test: {
    name: "node",
    include: ["{packages,examples,apps}/*/test/**/*.test.ts"],
    exclude: [
      OF_LIBRARY.replace("*.test", "!(*.node).test"),
      "apps/site/test/browser/**",
      IN_GPU,
      IN_FULL,
    ],
    globalSetup: ["packages/cli/test/support/build.ts"],
    setupFiles: [`${import.meta.dirname}/packages/torch-optim/test/support/seed.ts`],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};

/** All in the same modules: to load them anew for each file took a third of the time. */
const library = {
  ...node,
  test: {
    ...node.test,
    name: "library",
    include: [OF_LIBRARY],
    exclude: [IN_NODE, IN_GPU, IN_FULL],
    isolate: false,
  },
};

/** The tests run in Chromium itself. */
function in_chromium(args: readonly string[], dependencies: string[]) {
  return {
    resolve,
    optimizeDeps: { include: dependencies },
    test: {
      setupFiles: node.test.setupFiles,
      testTimeout: 120_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        api: { host: "127.0.0.1" },
        provider: playwright({ launchOptions: { executablePath, args: [...args] } }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  };
}

const in_cpu = in_chromium(CHROMIUM_ARGS, ["fast-check"]);
const chromium = {
  ...in_cpu,
  test: {
    ...in_cpu.test,
    name: "chromium",
    include: library.test.include,
    exclude: library.test.exclude,
    browser: { ...in_cpu.test.browser, isolate: false },
  },
};

/** With WebGL and WebGPU in software, which do one thing at a time. */
// Their dependencies all at once: what is found later would be a second copy of what is there.
const tensorflow = ["core", "layers", "backend-cpu", "backend-webgl", "backend-webgpu"];
const in_gpu = in_chromium(
  [...CHROMIUM_ARGS, "--enable-unsafe-webgpu"],
  [...tensorflow.map((part) => `@tensorflow/tfjs-${part}`), "@jax-js/jax"],
);
const full_gpu = {
  ...in_gpu,
  test: {
    ...in_gpu.test,
    name: "full_gpu",
    include: [IN_GPU],
    fileParallelism: false,
    testTimeout: 600_000,
  },
};

/** The built site in a real browser: a test drives it from Node.js. */
function site(name: string, include: string[], exclude: string[] = []) {
  return {
    ...node,
    test: {
      ...node.test,
      name,
      include,
      exclude,
      globalSetup: ["apps/site/test/support/build.ts"],
      // Pages wait for one another on few cores.
      fileParallelism: false,
      expect: { poll: { timeout: 30_000 } },
      // A browser that is starved of its cores can be late for a click.
      retry: 1,
    },
  };
}

const full = "apps/site/test/browser/full/**/*.test.ts";
const in_browser = [
  chromium,
  site("site", ["apps/site/test/browser/**/*.test.ts"], [full]),
  site("full_site", [full]),
  full_gpu,
];
const full_node = {
  ...node,
  test: { ...node.test, name: "full_node", include: [IN_FULL], exclude: [] },
};

export default defineConfig({
  test: {
    // By default one fewer: of two cores, half.
    maxWorkers: "100%",
    projects: [library, node, full_node, ...(executablePath ? in_browser : [])],
  },
});
