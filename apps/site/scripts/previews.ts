import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { toPng } from "../../../packages/cli/src/picture/png.ts";
import { BUILT, DOCS } from "./folders.ts";

/** The curve that stands for the whole site. */
const COMMON = join(DOCS, "pictures", "warmup_cosine.svg");
const GALLERY = join(DOCS, "gallery");
const FOLDER = "previews";
/** The size, in pixels, in which other sites show a page that is linked to; a PNG has thrice its units. */
const WIDTH = 1200;
const HEIGHT = 630;
const ZOOM = 3;
const TITLE_HEIGHT = 90;
const MARGIN = 40;

const SHOWN = new Set(readdirSync(GALLERY).map((file) => basename(file, ".svg")));

/** The picture by which other sites show a page: a scheduler's own curve, or that of the start page. */
export function previewOf(page: string): string {
  const name = basename(page, ".md");
  return `${FOLDER}/${isClass(page) && SHOWN.has(name) ? name : "torch-optim"}.png`;
}

function isClass(page: string): boolean {
  return page.includes("/classes/");
}

/** Writes the pictures of the built site's pages. */
export function writePreviews(pages: readonly string[]): void {
  mkdirSync(join(BUILT, FOLDER), { recursive: true });
  for (const preview of new Set(pages.map(previewOf))) {
    const name = basename(preview, ".png");
    const picture = SHOWN.has(name) ? join(GALLERY, `${name}.svg`) : COMMON;
    writeFileSync(join(BUILT, preview), toPng(framed(name, readFileSync(picture, "utf8"))));
  }
}

/** A picture below a title. */
function framed(title: string, picture: string): string {
  const width = WIDTH - 2 * MARGIN;
  const height = HEIGHT - TITLE_HEIGHT - MARGIN;
  const inner = picture.replace(
    /^<svg ([^>]*?)width="\d+" height="\d+"/,
    `<svg $1x="${MARGIN}" y="${TITLE_HEIGHT}" width="${width}" height="${height}"`,
  );
  const size = `width="${WIDTH / ZOOM}" height="${HEIGHT / ZOOM}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="Lato"><rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/><text x="${MARGIN}" y="66" font-size="42" fill="#1a1c20">${title}</text>${inner}</svg>`;
}
