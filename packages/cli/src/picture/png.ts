import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";

const FONT = "Lato";
const FONT_FILE = "@expo-google-fonts/lato/400Regular/Lato_400Regular.ttf";
/** The letters that this font surely has. Others are the system's, which takes time to look through. */
const HAS_LETTERS = /^[\n\x20-\x7e\xa0-\xff–—…]*$/;
/** The pixels of a PNG for each unit of the drawing: 300 dots an inch at a width of 7 inches. */
const ZOOM = 3;

/** A picture as PNG, for a light ground. */
export function toPng(svg: string): Buffer {
  const options = {
    fontFiles: [createRequire(import.meta.url).resolve(FONT_FILE)],
    loadSystemFonts: !HAS_LETTERS.test(svg),
    defaultFontFamily: FONT,
  };
  return new Resvg(svg, { font: options, fitTo: { mode: "zoom", value: ZOOM } }).render().asPng();
}
