import { execFileSync } from "node:child_process";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type CDPSession, chromium, type Page } from "playwright-core";
import type { SchedulerSpec } from "torch-optim/lr_scheduler";
import { serve } from "vitepress";
import { encodeLink } from "../../apps/site/src/link/link.ts";
import { CHROMIUM_ARGS, find_chromium } from "../../scripts/chromium.ts";
import { ROOT } from "./machine.ts";
import { median } from "./measure.ts";
import { duration, table } from "./report.ts";

const PHASES = 20;
const STEPS = 100_000;
const FRAMES = 240;
/** How far the boundary goes to and fro, in pixels. */
const REACH = 60;
const FRAME = 1 / 60;

/** What a frame of a drag takes, in seconds. */
interface Frame {
  readonly script: number;
  /** With styles and layout, which the browser does for what the script has changed. */
  readonly all: number;
}

/** How the studio answers to a drag, in the built site and the tests' Chromium. */
export async function* studio(): AsyncGenerator<string> {
  const executablePath = await find_chromium();
  if (!executablePath) {
    yield "## The studio\n\nSkipped: no Chrome was found.";
    return;
  }
  execFileSync("npm", ["run", "--silent", "build:site"], { cwd: ROOT, stdio: "ignore" });
  const server = await serve({ root: join(ROOT, "apps", "site"), port: 0 });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const { port } = server.server.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/studio#${linkOf(PHASES, STEPS)}`);
  const sides = [
    ["on the curve", await drag(page, page.locator(".chart-handle .reach").nth(PHASES / 2 - 1))],
    ["on the track", await drag(page, page.locator(".handle").nth(PHASES / 2 - 1))],
  ] as const;
  await browser.close();
  server.server.close();
  yield `## The studio

A boundary is dragged to and fro in a schedule of ${PHASES} phases and ${STEPS.toLocaleString("en")} steps: what a frame takes in the page's
one thread, as Chromium counts it, over ${FRAMES} frames: its script, and all, with styles and layout. The goal: script within a frame of ${duration(FRAME)}.

${table([
  ["drag", "script, median", "script, worst", "all, median", "all, worst"],
  ...sides.map(([name, frames]) => [
    name,
    ...[({ script }: Frame) => script, ({ all }: Frame) => all].flatMap((of) => {
      const times = frames.map(of);
      return [duration(median(times)), duration(Math.max(...times))];
    }),
  ]),
])}`;
}

function linkOf(phases: number, steps: number): string {
  const each = steps / phases;
  const schedulers = Array.from(
    { length: phases },
    (_, i): SchedulerSpec =>
      i % 2 === 0
        ? { type: "LinearLR", start_factor: 0.1, total_iters: each }
        : { type: "CosineAnnealingLR", T_max: each, eta_min: 0.01 },
  );
  const milestones = schedulers.slice(1).map((_, i) => (i + 1) * each);
  const spec = { type: "SequentialLR", schedulers, milestones } as const;
  return encodeLink({ plan: { spec, lr: 0.1 }, view: { isLog: false, unit: "steps" }, pins: [] });
}

async function drag(page: Page, handle: ReturnType<Page["locator"]>): Promise<Frame[]> {
  await handle.waitFor();
  await handle.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await handle.boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  const [atX, atY] = [x + width / 2, y + height / 2];
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.mouse.move(atX, atY);
  await page.mouse.down();
  const frames: Frame[] = [];
  for (let i = 0; i < FRAMES; i++) {
    const before = await spent(session);
    await page.mouse.move(atX + REACH * Math.sin((2 * Math.PI * i) / 60), atY);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    const after = await spent(session);
    frames.push({ script: after.script - before.script, all: after.all - before.all });
  }
  await page.mouse.up();
  await session.detach();
  return frames;
}

/** What the page's thread has done so far. */
async function spent(session: CDPSession): Promise<Frame> {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  const script = of("ScriptDuration");
  return { script, all: script + of("LayoutDuration") + of("RecalcStyleDuration") };
}
