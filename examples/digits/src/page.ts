import file from "digits/digits.csv.gz?url";
import { type Split, splitImages } from "./images.ts";
import { loadText } from "./load_text.ts";

/** What a page shows of an epoch. */
export interface ShownEpoch {
  readonly lr: number;
  readonly accuracy: number;
}

/** A training on the digits that tells of every epoch. */
export type ShownTraining = (images: Split, told: (epoch: ShownEpoch) => void) => Promise<unknown>;

/** Loads the digits and trains in the page, with a row for every epoch and the learning rate as a curve. */
export async function show(train: ShownTraining, epochs: number): Promise<void> {
  const rows = element("tbody");
  const curve = element("polyline");
  const said = element("output");
  const points: string[] = [];
  try {
    await train(splitImages(await loadText(file), 0), ({ lr, accuracy }) => {
      const epoch = points.push(`${(100 * (points.length + 0.5)) / epochs},${38 - 3600 * lr}`);
      curve.setAttribute("points", points.join(" "));
      const row = document.createElement("tr");
      for (const text of [String(epoch), lr.toFixed(5), `${(100 * accuracy).toFixed(1)} %`]) {
        row.append(Object.assign(document.createElement("td"), { textContent: text }));
      }
      rows.prepend(row);
      said.textContent = `Epoch ${epoch} of ${epochs}`;
    });
    said.textContent = `Trained for ${epochs} epochs.`;
  } catch (error) {
    said.textContent = `It stopped: ${error instanceof Error ? error.message : error}`;
  }
}

function element(selector: string): Element {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}
