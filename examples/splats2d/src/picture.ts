type Colour = readonly [number, number, number];

/** A picture: rows from the top, red, green and blue of each pixel from 0 to 1. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array<ArrayBuffer>;
}

/** Samples along each side of a pixel, which make edges soft. */
const SAMPLES = 3;
const SUN = { x: 0.64, y: 0.46, radius: 0.095 };
const ZENITH: Colour = [0.12, 0.14, 0.36];
const HORIZON: Colour = [0.99, 0.66, 0.36];
const LAKE = 0.73;
const HOUSE = { left: 0.16, right: 0.3, top: 0.63, bottom: 0.75, ridge: 0.55 };
const FIRS = [
  { x: 0.4, foot: 0.79, height: 0.17 },
  { x: 0.47, foot: 0.81, height: 0.22 },
  { x: 0.86, foot: 0.84, height: 0.34 },
  { x: 0.95, foot: 0.86, height: 0.26 },
];

/** A sunset over hills and a lake, with a house and firs: soft gradients, and edges that need small splats. */
export function paint(width: number, height: number): Picture {
  const pixels = new Float32Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    pixels.set(pixelAt(i % width, Math.floor(i / width), width, height), 3 * i);
  }
  return { width, height, pixels };
}

function pixelAt(column: number, row: number, width: number, height: number): number[] {
  const sum = [0, 0, 0];
  for (let k = 0; k < SAMPLES ** 2; k++) {
    const x = (column + ((k % SAMPLES) + 0.5) / SAMPLES) / width;
    const y = (row + (Math.floor(k / SAMPLES) + 0.5) / SAMPLES) / height;
    colourAt(x, y).forEach((value, channel) => {
      sum[channel] += value / SAMPLES ** 2;
    });
  }
  return sum;
}

/** What is nearest comes first. */
function colourAt(x: number, y: number): Colour {
  if (isFir(x, y)) return [0.05, 0.1, 0.1];
  const house = houseAt(x, y);
  if (house) return house;
  if (y > shore(x)) return mix([0.16, 0.2, 0.14], [0.05, 0.07, 0.06], (y - 0.75) / 0.25);
  if (y > LAKE) return lakeAt(x, y);
  if (y > 0.62 + 0.045 * Math.sin(8 * x + 1) + 0.012 * Math.sin(27 * x)) return [0.24, 0.2, 0.3];
  if (y > 0.53 + 0.06 * Math.sin(5 * x + 4)) return [0.47, 0.32, 0.4];
  return skyAt(x, y);
}

function skyAt(x: number, y: number): Colour {
  const away = Math.hypot(x - SUN.x, y - SUN.y);
  if (away < SUN.radius) return [1, 0.93, 0.68];
  const sky = mix(ZENITH, HORIZON, (y / 0.6) ** 1.3);
  return mix(sky, [1, 0.82, 0.5], 0.7 * Math.exp(-((away - SUN.radius) / 0.12)));
}

/** The sky upside down, darker, with the sun's path in stripes. */
function lakeAt(x: number, y: number): Colour {
  const water = mix(HORIZON, ZENITH, 0.25 + 2.2 * (y - LAKE));
  const isLit = Math.abs(x - SUN.x) < 0.05 + 0.4 * (y - LAKE) && Math.sin(260 * y) > 0.1;
  return isLit ? [1, 0.86, 0.58] : mix(water, [0, 0, 0], 0.25);
}

function shore(x: number): number {
  return 0.78 + 0.03 * Math.sin(6 * x + 2.2) + 0.16 * Math.max(0, x - 0.55);
}

function houseAt(x: number, y: number): Colour | undefined {
  const { left, right, top, bottom, ridge } = HOUSE;
  const middle = (left + right) / 2;
  const slope = (top - ridge) / (right - left + 0.04) / 0.5;
  if (y < top && y > ridge + slope * Math.abs(x - middle)) return [0.52, 0.16, 0.13];
  if (x < left || x > right || y < top || y > bottom + 0.06) return undefined;
  const isWindow = Math.abs(y - 0.68) < 0.02 && Math.abs(Math.abs(x - middle) - 0.035) < 0.017;
  return isWindow ? [1, 0.85, 0.4] : [0.86, 0.78, 0.7];
}

/** Firs in three storeys, on trunks. */
function isFir(x: number, y: number): boolean {
  return FIRS.some(({ x: trunk, foot, height }) => {
    const up = (foot - y) / height;
    const away = Math.abs(x - trunk) / height;
    if (up < 0 || up > 1) return false;
    if (up < 0.12) return away < 0.03;
    return away < 0.26 * (1 - up) * (0.55 + 0.6 * (1 - ((3.4 * up) % 1)));
  });
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const t = Math.min(1, Math.max(0, share));
  const [r, g, b] = from.map((value, channel) => value + t * (to[channel] - value));
  return [r, g, b];
}
