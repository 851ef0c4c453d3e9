// Trains beside the page, which stays free to answer.
import file from "digits/digits.csv.gz?url";
import { splitImages } from "digits/images";
import { loadText } from "digits/load_text";
import { findDevice } from "./device.ts";
import type { Order, Report } from "./messages.ts";
import { Pace } from "./pace.ts";
import { Race } from "./race.ts";

type RaceOrder = Extract<Order, { kind: "race" }>;

let text: Promise<string> | undefined;
let pace: Pace | undefined;

addEventListener("message", ({ data: order }: MessageEvent<Order>) => {
  if (order.kind !== "race") pace?.[order.kind]();
  else run(order).catch((error) => report({ kind: "failed", reason: String(error) }));
});

async function run({ device, setup, entrants }: RaceOrder): Promise<void> {
  text ??= loadText(file);
  const images = splitImages(await text, setup.seed);
  report({ kind: "began", device: await findDevice(device, images.heldOut) });
  pace = new Pace(new Race(setup, images, entrants), report);
  await pace.run();
}

function report(what: Report): void {
  postMessage(what);
}
