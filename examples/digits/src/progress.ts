import { Presets, SingleBar } from "cli-progress";
import type { Epoch } from "./history.ts";

/** Shows how a run goes on: a live bar in a terminal, a line an epoch elsewhere. */
export interface Progress {
  show(epoch: Epoch): void;
  end(): void;
}

type Figures = Omit<Epoch, "phase">;

const LONGEST_BAR = 40;
const SHORTEST_BAR = 8;
/** What a terminal is taken for that does not say how wide it is. */
const USUAL_COLUMNS = 80;

export function makeProgress(epochs: number, history: readonly Epoch[]): Progress {
  return process.stdout.isTTY ? bar(epochs, history) : lines(epochs);
}

function bar(epochs: number, history: readonly Epoch[]): Progress {
  const single = new SingleBar(
    {
      format: (_options, { progress }, { last }) =>
        drawBar(progress, epochs, last, process.stdout.columns || USUAL_COLUMNS),
      // Cut to the terminal's width rather than told not to wrap, which a killed run would leave so.
      linewrap: true,
      gracefulExit: false, // What a signal does is said elsewhere.
      stream: process.stdout,
    },
    Presets.shades_classic,
  );
  single.start(epochs, history.length, { last: history.at(-1) });
  return {
    show: (last) => single.update(last.epoch + 1, { last }),
    end: () => single.stop(),
  };
}

/** A bar of `progress` from 0 to 1 and as many figures as fit beside it in a line. */
export function drawBar(
  progress: number,
  epochs: number,
  last: Figures | undefined,
  columns: number,
): string {
  const { barCompleteChar = "", barIncompleteChar = "" } = Presets.shades_classic;
  const widest = { epoch: epochs - 1, lr: 1, loss: 1, accuracy: 1 };
  // The last column stays free, since some terminals begin a new line when it is filled.
  const room = (count: number) =>
    columns - 3 - join(describe(widest, epochs).slice(0, count)).length;
  const fitting = [4, 3, 2, 1].find((count) => room(count) >= SHORTEST_BAR) ?? 1;
  const length = Math.max(0, Math.min(LONGEST_BAR, room(fitting)));
  const done = Math.round(progress * length);
  const drawn = barCompleteChar.repeat(done) + barIncompleteChar.repeat(length - done);
  return last ? `${drawn}  ${join(describe(last, epochs).slice(0, fitting))}` : drawn;
}

function lines(epochs: number): Progress {
  return {
    show: (epoch) => console.log(join(describe(epoch, epochs))),
    end: () => {},
  };
}

function describe({ epoch, lr, loss, accuracy }: Figures, epochs: number): string[] {
  const position = String(epoch + 1).padStart(String(epochs).length);
  return [
    `epoch ${position}/${epochs}`,
    `lr ${lr.toExponential(2)}`,
    `loss ${loss.toFixed(4)}`,
    `accuracy ${percent(accuracy)}`,
  ];
}

function join(figures: readonly string[]): string {
  return figures.join("  ");
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
