/**
 * A gaussian in the plane, by its parameters: where its middle is (from 0 to 1 across the picture), the logs of
 * its two standard deviations, the angle of the first of them, and the colour that it adds, which may be negative.
 */
export type Splat = { readonly [kind in Kind]: readonly number[] };

/** The kinds of parameters, and how many numbers of each a splat has. */
export const WIDTHS = { position: 2, scale: 2, rotation: 1, colour: 3 } as const;
export type Kind = keyof typeof WIDTHS;
export const KINDS = Object.keys(WIDTHS) as Kind[];

/** The numbers of many splats, kind by kind. */
export type SplatNumbers = { readonly [kind in Kind]: Float32Array };

/** Those after the first are spread evenly by steps of these shares, whatever their number. */
const STEPS = [0.7548776662466927, 0.5698402909980532];

/** Round splats without colour that cover the picture evenly. The same each time. */
export function startingSplats(count: number): Splat[] {
  const deviation = Math.log(0.6 / Math.sqrt(count));
  return Array.from({ length: count }, (_, i) => ({
    position: STEPS.map((step) => (0.5 + i * step) % 1),
    scale: [deviation, deviation],
    rotation: [0],
    colour: [0, 0, 0],
  }));
}

/** How far the halves of a splat go, in standard deviations along its longer side. */
const APART = 0.7;
/** What is left of that side: two halves together are about as wide as the whole was, and as heavy. */
const SHRUNK = Math.sqrt(1 - APART ** 2);
const HALVED = 1 / (2 * SHRUNK);

/** Two that look about as the one did, side by side along its longer side. */
export function split({ position, scale, rotation, colour }: Splat): [Splat, Splat] {
  const long = scale[0] >= scale[1] ? 0 : 1;
  const angle = rotation[0] + (long * Math.PI) / 2;
  const reach = APART * Math.exp(scale[long]);
  const away = [reach * Math.cos(angle), reach * Math.sin(angle)];
  const half = (side: number): Splat => ({
    position: position.map((at, axis) => at + side * away[axis]),
    scale: scale.with(long, scale[long] + Math.log(SHRUNK)),
    rotation,
    colour: colour.map((value) => value * HALVED),
  });
  return [half(-1), half(1)];
}

/** What a splat does to the sum of squares of a picture of so many pixels, roughly. */
export function influence({ scale, colour }: Splat, pixels: number): number {
  const brightness = colour.reduce((sum, value) => sum + value ** 2, 0);
  return Math.PI * Math.exp(scale[0] + scale[1]) * pixels * brightness;
}

/** The numbers of splats, kind by kind, as the GPU has them. */
export function pack(splats: readonly Splat[]): SplatNumbers {
  const packed = KINDS.map((kind) => [kind, Float32Array.from(splats.flatMap((one) => one[kind]))]);
  return Object.fromEntries(packed);
}

/** The splats of such numbers. */
export function unpack(numbers: SplatNumbers): Splat[] {
  return Array.from(numbers.rotation, (_, i) => {
    const rows = KINDS.map((kind) => {
      const width = WIDTHS[kind];
      return [kind, [...numbers[kind].subarray(width * i, width * (i + 1))]];
    });
    return Object.fromEntries(rows);
  });
}
