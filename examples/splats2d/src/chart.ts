/** The room of the lines within the view box of every chart of the page. */
const WIDTH = 320;
const TOP = 14;
const BOTTOM = 104;

/** What a chart reaches over. */
export interface ChartOptions {
  readonly steps: number;
  /** What stands at the bottom, and at the top. */
  readonly range: readonly [number, number];
}

/** Lines over the steps: those that an SVG of the page has. */
export class Chart {
  readonly #lines: readonly Element[];
  readonly #points: string[][];
  readonly #options: ChartOptions;

  constructor(svg: Element, options: ChartOptions) {
    this.#lines = [...svg.querySelectorAll("polyline")];
    this.#points = this.#lines.map(() => []);
    this.#options = options;
  }

  /** Goes on with a value for each line. */
  add(step: number, values: readonly number[]): void {
    const { steps, range } = this.#options;
    const x = (WIDTH * step) / steps;
    values.forEach((value, k) => {
      const share = (value - range[0]) / (range[1] - range[0]);
      const y = BOTTOM - (BOTTOM - TOP) * Math.min(1, Math.max(0, share));
      this.#points[k].push(`${x.toFixed(1)},${y.toFixed(1)}`);
      this.#lines[k].setAttribute("points", this.#points[k].join(" "));
    });
  }
}
