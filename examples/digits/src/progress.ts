import { Presets, SingleBar } from "cli-progress";
import type { Epoch } from "./history.ts";

/** Shows how a run goes on: a live bar in a terminal, a line an epoch elsewhere. */
export interface Progress {
  show(epoch: Epoch): void;
  end(): void;
}

type Figures = Omit<Epoch, "phase">;

const LONGEST_BAR = 40;

export function makeProgress(epochs: number, history: readonly Epoch[]): Progress {
  return process.stdout.isTTY ? bar(epochs, history) : lines(epochs);
}

function bar(epochs: number, history: readonly Epoch[]): Progress {
  const widest = describe({ epoch: epochs - 1, lr: 1, loss: 1, accuracy: 1 }, epochs);
  const room = process.stdout.columns - widest.length - 3;
  const single = new SingleBar(
    {
      format: "{bar}  {text}",
      barsize: Math.max(0, Math.min(LONGEST_BAR, room)),
      // Cut to the terminal's width rather than told not to wrap, which a killed run would leave so.
      linewrap: true,
      stream: process.stdout,
    },
    Presets.shades_classic,
  );
  const last = history.at(-1);
  single.start(epochs, history.length, { text: last ? describe(last, epochs) : "" });
  return {
    show: (epoch) => single.update(epoch.epoch + 1, { text: describe(epoch, epochs) }),
    end: () => single.stop(),
  };
}

function lines(epochs: number): Progress {
  return {
    show: (epoch) => console.log(describe(epoch, epochs)),
    end: () => {},
  };
}

function describe({ epoch, lr, loss, accuracy }: Figures, epochs: number): string {
  const position = String(epoch + 1).padStart(String(epochs).length);
  return [
    `epoch ${position}/${epochs}`,
    `lr ${lr.toExponential(2)}`,
    `loss ${loss.toFixed(4)}`,
    `accuracy ${percent(accuracy)}`,
  ].join("  ");
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
