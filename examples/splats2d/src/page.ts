import { showPicture } from "./canvas.ts";
import { Chart } from "./chart.ts";
import { optionsFor } from "./options.ts";
import { type Picture, paint } from "./picture.ts";
import { ratesFor, type Standing, train } from "./train.ts";

/** Steps between two pictures: on a GPU of today many go into one. */
const TELL_EVERY = 4;
/** What the chart of the PSNR reaches to, in decibels. */
const TOP = 60;

/** A number that the page's address may give. */
function asked(name: string, least: number, most: number, otherwise: number): number {
  const value = Number(new URLSearchParams(location.search).get(name) ?? otherwise);
  return Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
}

function element<E extends Element = HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

const size = asked("size", 16, 1024, 256);
const steps = asked("steps", 10, 100_000, 2000);
const [pause, again] = [element<HTMLButtonElement>("#pause"), element<HTMLButtonElement>("#again")];
const [wanted, fitted] = [
  element<HTMLCanvasElement>("#wanted"),
  element<HTMLCanvasElement>("#fitted"),
];
const said = element("output");
let isPaused = false;
/** The number of the fit that is shown: one that is not stops. */
let current = 0;

function nextFrame(): Promise<number> {
  return new Promise(requestAnimationFrame);
}

/** Fits the picture from the beginning and shows how, until it is done or the next one begins. */
async function fit(device: GPUDevice, picture: Picture): Promise<void> {
  const own = ++current;
  setPaused(false);
  pause.disabled = false;
  const report = reporter(picture);
  let since = performance.now();
  for await (const standing of train(device, picture, optionsFor(size, steps, TELL_EVERY))) {
    report(standing, performance.now() - since);
    showPicture(fitted, picture, standing.errors);
    do {
      since = performance.now();
      await nextFrame();
    } while (isPaused && own === current);
    if (own !== current) return;
  }
  pause.disabled = true;
  said.textContent = `Fitted in ${steps} steps.`;
}

/** Shows one standing after the other, in numbers and in curves, and the time that it took. */
function reporter(picture: Picture): (standing: Standing, milliseconds: number) => void {
  const psnrs = new Chart(element("#psnrs"), { steps, range: [0, TOP] });
  const rates = new Chart(element("#rates"), { steps, range: [0, 1] });
  const largest = Object.values(ratesFor(picture));
  let last = 0;
  let speed = 0;
  return ({ step, psnr, splats, lrs }, milliseconds) => {
    const measured = (1000 * (step - last)) / milliseconds;
    speed = speed > 0 ? 0.8 * speed + 0.2 * measured : measured;
    last = step;
    say("#step", String(step));
    say("#psnr", psnr.toFixed(1));
    say("#splats", String(splats));
    say("#speed", speed.toFixed(speed < 10 ? 1 : 0));
    psnrs.add(step, [psnr]);
    const shares = lrs.map((lr, k) => lr / largest[k]);
    rates.add(step, shares);
    for (const [k, lr] of lrs.entries()) say(`#rate${k}`, lr.toFixed(5));
  };
}

function say(selector: string, text: string): void {
  element(selector).textContent = text;
}

function setPaused(paused: boolean): void {
  isPaused = paused;
  pause.textContent = paused ? "Go on" : "Pause";
  said.textContent = paused ? "Paused." : "Fitting …";
}

async function requestDevice(): Promise<GPUDevice | undefined> {
  // In a browser without WebGPU it is missing, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined;
  return (await gpu?.requestAdapter())?.requestDevice();
}

async function start(): Promise<void> {
  const picture = paint(size, size);
  for (const canvas of [wanted, fitted]) Object.assign(canvas, { width: size, height: size });
  showPicture(wanted, picture);
  const device = await requestDevice();
  if (!device) {
    said.textContent =
      "This browser has no WebGPU, so there is nothing to see here but the picture. Current versions of " +
      "Chrome, Edge, Safari and Firefox have it on most machines.";
    return;
  }
  const begin = () => fit(device, picture).catch(sayWhy);
  device.lost.then(({ message }) => sayWhy(new Error(`the GPU was lost. ${message}`)));
  pause.addEventListener("click", () => setPaused(!isPaused));
  again.addEventListener("click", begin);
  again.disabled = false;
  await begin();
}

function sayWhy(error: unknown): void {
  pause.disabled = true;
  said.textContent = `It stopped: ${error instanceof Error ? error.message : error}`;
}

await start().catch(sayWhy);
