import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { CHROMIUM_ARGS, find_chromium } from "./scripts/chromium.ts";

const resolve = { conditions: ["@torch-optim/source"] };

const executablePath = await find_chromium();
if (!executablePath) {
  console.warn("\nSKIPPED: no Chrome was found, so the library's tests run in Node.js alone.\n");
}

const node = {
  resolve: { ...resolve, externalConditions: resolve.conditions },
  ssr: { resolve },
  test: {
    name: "node",
    include: ["packages/*/test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    globalSetup: ["packages/cli/test/support/build.ts"],
    setupFiles: [`${import.meta.dirname}/packages/torch-optim/test/support/seed.ts`],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};

const chromium = {
  resolve,
  optimizeDeps: { include: ["fast-check"] },
  test: {
    name: "chromium",
    include: ["packages/torch-optim/test/**/*.test.ts"],
    exclude: ["**/*.node.test.ts"],
    setupFiles: [`${import.meta.dirname}/packages/torch-optim/test/support/seed.ts`],
    testTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      api: { host: "127.0.0.1" },
      provider: playwright({
        launchOptions: { executablePath, args: CHROMIUM_ARGS },
      }),
      instances: [{ browser: "chromium" as const }],
    },
  },
};

export default defineConfig({
  test: { projects: executablePath ? [node, chromium] : [node] },
});
