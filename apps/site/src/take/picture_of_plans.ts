import { toCurves } from "torch-optim-cli/curve";
import { drawPicture } from "torch-optim-cli/picture";
import { toPicture } from "torch-optim-cli/picture_of_curves";
import { courseOf, MOST_RUN, metricsOf } from "../chart/course.ts";
import { resolvedSpec } from "../studio/plan.ts";
import type { Pin, View } from "../studio/studio.ts";
import { TooLong } from "./too_long.ts";

/** How much larger a PNG is than the SVG that it is made of. */
const SCALE = 2;

/**
 * The picture of sound plans that the command line draws too, as SVG.
 *
 * @throws TooLong if one has more steps than are run here.
 */
export function pictureOf(plans: readonly Pin[], { isLog }: Pick<View, "isLog">): string {
  const curves = plans.flatMap(({ name, plan }) => {
    const epochs = courseOf(plan).length;
    if (epochs > MOST_RUN) throw new TooLong(epochs);
    const spec = resolvedSpec(plan);
    const lr = spec.type === "Recipe" ? undefined : [plan.lr];
    return toCurves([{ name, spec }], { epochs, lr, metrics: metricsOf(plan) });
  });
  const label = plans.length > 1 ? plans.map(({ name }) => name) : undefined;
  return drawPicture(toPicture(curves, { log: isLog, label, xLabel: "step" }));
}

/** An SVG as PNG, as the browser draws it. */
export async function toPng(svg: string): Promise<Blob> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = SCALE * image.naturalWidth;
    canvas.height = SCALE * image.naturalHeight;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (!drawn) throw new Error("the browser cannot draw a picture of this size");
    return drawn;
  } finally {
    URL.revokeObjectURL(url);
  }
}
