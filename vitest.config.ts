import { existsSync } from "node:fs";
import sparticuz from "@sparticuz/chromium";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const resolve = { conditions: ["@torch-optim/source"] };

/** A Chromium to test in: the one that comes by npm on Linux, an installed one elsewhere. */
async function find_chromium(): Promise<string | undefined> {
  const installed = [
    process.env.CHROME_PATH ?? "",
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ].find(existsSync);
  if (process.platform !== "linux" || process.arch !== "x64") return installed;
  return sparticuz.executablePath();
}

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
        launchOptions: {
          executablePath,
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
          ],
        },
      }),
      instances: [{ browser: "chromium" as const }],
    },
  },
};

export default defineConfig({
  test: { projects: executablePath ? [node, chromium] : [node] },
});
