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
    include: ["{packages,examples,apps}/*/test/**/*.test.ts"],
    exclude: ["apps/site/test/browser/**"],
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
    include: ["packages/{torch-optim,checkpoint}/test/**/*.test.ts"],
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
  site("full", [full]),
];

export default defineConfig({
  test: { projects: executablePath ? [node, ...in_browser] : [node] },
});
