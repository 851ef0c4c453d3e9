import type { Picture } from "./picture.ts";

/** Shows a picture on a canvas of its size, or what differs from it by such errors, four for each pixel. */
export function showPicture(
  canvas: HTMLCanvasElement,
  { width, height, pixels }: Picture,
  errors?: Float32Array,
): void {
  const { data } = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let k = 0; k < 3; k++) {
      data[4 * i + k] = 255 * (pixels[3 * i + k] + (errors?.[4 * i + k] ?? 0));
    }
    data[4 * i + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(new ImageData(data, width), 0, 0);
}
