import type { Report } from "./messages.ts";
import type { Race } from "./race.ts";

/** How long the worker is deaf at most, and how often it reports, in milliseconds. */
const DEAF = 25;
const REPORT = 200;

/** Runs a race so that it can be paused and stopped, and tells of it a few times a second. */
export class Pace {
  readonly #race: Race;
  readonly #report: (report: Report) => void;
  #state: "running" | "paused" | "stopped" = "running";
  #wake = () => {};

  constructor(race: Race, report: (report: Report) => void) {
    this.#race = race;
    this.#report = report;
  }

  pause(): void {
    if (this.#state === "running") this.#state = "paused";
  }

  goOn(): void {
    if (this.#state === "paused") this.#state = "running";
    this.#wake();
  }

  stop(): void {
    this.#state = "stopped";
    this.#wake();
  }

  /** Runs it to its end, or until it is stopped. */
  async run(): Promise<void> {
    let told = Number.NEGATIVE_INFINITY;
    let isOn = true;
    while (isOn && this.#state !== "stopped") {
      if (this.#state === "paused") await this.#rest();
      else isOn = this.#trainAWhile();
      if (performance.now() - told >= REPORT) {
        this.#tell();
        told = performance.now();
      }
      await messages();
    }
    this.#tell();
    this.#report({ kind: isOn ? "stopped" : "done" });
  }

  #trainAWhile(): boolean {
    const until = performance.now() + DEAF;
    let isOn = true;
    while (isOn && performance.now() < until) isOn = this.#race.advance();
    return isOn;
  }

  #rest(): Promise<void> {
    this.#tell();
    this.#report({ kind: "paused" });
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #tell(): void {
    this.#report({ kind: "news", news: this.#race.news() });
  }
}

/** Lets the messages be heard that have come meanwhile. */
function messages(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
