import { existsSync } from "node:fs";
import sparticuz from "@sparticuz/chromium";

/** A Chromium to test in: the one that comes by npm on Linux, an installed one elsewhere. */
export async function find_chromium(): Promise<string | undefined> {
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

/** What it is started with: nothing that reaches for the network, and no sandbox, as in containers. */
export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
