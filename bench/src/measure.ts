/** One of the things that are compared: does its work once and gives the seconds that it took. */
export type Side = () => number | Promise<number>;

/** The seconds that every side took, one entry a round. */
export type Times<Name extends string> = Record<Name, number[]>;

/** Rounds at the start that do not count: the JIT compiler is at work in them. */
const WARM_UP = 3;

/** Runs the sides in turns, so that a machine that slows down or speeds up does so for all. */
export async function inTurns<Name extends string>(
  sides: Record<Name, Side>,
  rounds: number,
  warmUp = WARM_UP,
): Promise<Times<Name>> {
  const entries = Object.entries<Side>(sides) as [Name, Side][];
  const times = Object.fromEntries(entries.map(([name]) => [name, []])) as unknown as Times<Name>;
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, side] of entries) {
      const seconds = await side();
      if (round >= 0) times[name].push(seconds);
    }
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many times as long the one took as the other, within a round. */
export function ratio(times: readonly number[], others: readonly number[]): number {
  return median(times.map((seconds, round) => seconds / others[round]));
}

/** The CPU time of some work, in seconds: other programs on the machine do not count. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The time that passes while some work is done, in seconds. */
export async function wallSeconds(work: () => unknown): Promise<number> {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1000;
}
