/** What a text was written for. */
interface Probe {
  readonly total: number;
  readonly stepsPerEpoch: number;
}

/** A number of steps so large that a share of it shows its digits. */
const LARGE = 1e12;
const FIRST: Probe = { total: LARGE, stepsPerEpoch: LARGE / 1e3 };
const LONGER: Probe = { ...FIRST, total: 2 * LARGE };
const SLOWER: Probe = { ...FIRST, stepsPerEpoch: FIRST.stepsPerEpoch * 2 };
const NUMBER = /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * A text with shares and epochs in place of the numbers that were made of them. What a number was made of
 * shows when the text is written for several totals: a share grows with the total, an epoch with its
 * steps, and everything else stays. Nothing is returned where a number is a sum of several of these.
 *
 * @param write - Writes the text for a total and a number of steps in an epoch.
 * @param quoted - How a length stands in the text.
 */
export function inLengths(
  write: (lengths: Probe) => string,
  quoted = (length: string) => length,
): string | undefined {
  const texts = attempt(() => [FIRST, LONGER, SLOWER].map(write));
  if (!texts) return undefined;
  const [first, longer, slower] = texts;
  const [ofLonger, ofSlower] = [longer, slower].map((text) => text.match(NUMBER) ?? []);
  const count = first.match(NUMBER)?.length ?? 0;
  const isSame = (text: string) => text.replace(NUMBER, "0") === first.replace(NUMBER, "0");
  if (!isSame(longer) || !isSame(slower) || ofLonger.length !== count) return undefined;

  let isSum = false;
  let i = -1;
  const written = first.replace(NUMBER, (number) => {
    i += 1;
    const steps = Number(number);
    const byTotal = Number(ofLonger[i]) - steps;
    const byEpoch = Number(ofSlower[i]) - steps;
    if (byTotal === 0 && byEpoch === 0) return number;
    // Half a step is what rounding leaves.
    isSum ||= Math.abs(byTotal + byEpoch - steps) > 2 || (byTotal !== 0 && byEpoch !== 0);
    return byTotal === 0
      ? quoted(`${short(byEpoch / FIRST.stepsPerEpoch)}ep`)
      : quoted(`${short((byTotal / FIRST.total) * 100)}%`);
  });
  return isSum ? undefined : written;
}

function short(amount: number): string {
  return String(Number(amount.toPrecision(10)));
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
