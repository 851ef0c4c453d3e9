import { Presets, SingleBar } from "cli-progress";
import type { Epoch } from "./history.ts";

/** Shows how a run goes on: a live bar in a terminal, a line an epoch elsewhere. */
export interface Progress {
  show(epoch: Epoch): void;
  end(): void;
}

export function makeProgress(epochs: number, done: number): Progress {
  return process.stdout.isTTY ? bar(epochs, done) : lines(epochs);
}

function bar(epochs: number, done: number): Progress {
  const format = "{bar} {value}/{total}  lr {lr}  loss {loss}  accuracy {accuracy}";
  const single = new SingleBar(
    { format, barsize: 24, stream: process.stdout },
    Presets.shades_classic,
  );
  single.start(epochs, done, { lr: "–", loss: "–", accuracy: "–" });
  return {
    show: (epoch) => single.update(epoch.epoch + 1, figures(epoch)),
    end: () => single.stop(),
  };
}

function lines(epochs: number): Progress {
  return {
    show: (epoch) => {
      const { lr, loss, accuracy } = figures(epoch);
      const position = `${String(epoch.epoch + 1).padStart(String(epochs).length)}/${epochs}`;
      console.log(`epoch ${position}  lr ${lr}  loss ${loss}  accuracy ${accuracy}`);
    },
    end: () => {},
  };
}

function figures({ lr, loss, accuracy }: Epoch) {
  return {
    lr: lr.toExponential(2),
    loss: loss.toFixed(4),
    accuracy: percent(accuracy),
  };
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
