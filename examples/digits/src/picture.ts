import { drawPicture } from "torch-optim-cli/picture";
import type { Epoch } from "./history.ts";
import type { Phase } from "./schedule.ts";

/** Learning rate, loss and accuracy over the epochs, with the phases shaded, as SVG. */
export function drawHistory(history: readonly Epoch[], phases: readonly Phase[]): string {
  const epochs = history.length;
  const begun = phases.filter(({ start }) => start < epochs);
  const line = (style: number, value: (epoch: Epoch) => number) => [
    { name: "", values: history.map(value), style },
  ];
  return drawPicture({
    description: `A training of ${epochs} epochs: learning rate, loss and accuracy`,
    panels: [
      { title: "learning rate", lines: line(0, ({ lr }) => lr), isHeld: true },
      { title: "training loss", lines: line(1, ({ loss }) => loss), isLog: true },
      {
        title: "held-out accuracy",
        lines: line(2, ({ accuracy }) => accuracy),
        hasZero: false,
        isShare: true,
      },
    ],
    epochs,
    xLabel: "epoch",
    phases: begun.map(({ name, start }, index) => ({
      name,
      index,
      start,
      end: Math.min(begun[index + 1]?.start ?? epochs, epochs),
    })),
    milestones: begun.slice(1).map(({ start }) => start),
    legend: [],
  });
}
