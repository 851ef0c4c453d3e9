import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { BUILT, SITE } from "./folders.ts";

const WORKER = join(SITE, "src", "offline", "service_worker.ts");
/**
 * What is left to the pages that show it: the reference, pictures, and letters that few pages have. The file
 * with the element is for other pages alone.
 */
const LEFT = [
  /^previews\//,
  /^api\//,
  /^404\.html$/,
  /^torch-curve\.js$/,
  /\bassets\/api_/,
  /\.(svg|json)$/,
];
const LATIN = /-roman-latin\.[\w-]+\.woff2$/;
/** Writes the built site's service worker, with the list of the files that it keeps. */
export function writeServiceWorker(): void {
  const files = readdirSync(BUILT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(BUILT.length + 1))
    .map((file) => file.replaceAll("\\", "/"))
    .filter(isKept)
    .sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(BUILT, file)));
  const constants = {
    FILES: files.map(addressOf),
    VERSION: hash.digest("hex").slice(0, 12),
  };
  const lines = Object.entries(constants).map(
    ([name, value]) => `const ${name} = ${JSON.stringify(value)};`,
  );
  const { code } = transformSync(readFileSync(WORKER, "utf8"), { loader: "ts", target: "es2022" });
  writeFileSync(join(BUILT, "service-worker.js"), `${lines.join("\n")}\n${code}`);
}

/** Where a file is found from where the worker is: pages without their ending. */
function addressOf(file: string): string {
  return `./${file.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "")}`;
}

function isKept(file: string): boolean {
  if (LEFT.some((pattern) => pattern.test(file))) return false;
  return !file.endsWith(".woff2") || LATIN.test(file);
}
