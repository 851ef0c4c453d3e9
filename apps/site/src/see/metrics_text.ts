import { LogError } from "./log_error.ts";
import { parseLog } from "./run_log.ts";

/** Names of columns that hold what a plateau usually goes by, the likeliest first. */
const METRICS = ["val_loss", "eval_loss", "valid_loss", "loss", "metric"];
const MOST = 1_000_000;

/**
 * Reads the metrics of a run, one for each epoch: numbers with spaces, commas or lines between them, a
 * JSON list, or a log with a column of a loss.
 *
 * @throws LogError that says what is wrong.
 */
export function parseMetrics(text: string): number[] {
  const words = text
    .trim()
    .replace(/^\[|\]$/g, "")
    .split(/[\s,;]+/)
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  const numbers = words.map(Number);
  const wrong = numbers.findIndex((number) => !Number.isFinite(number));
  if (numbers.length > MOST) throw new LogError(`There are more than ${MOST} metrics.`);
  if (wrong < 0) return numbers;
  // A list begins with a number, a log with a name or a bracket.
  if (wrong === 0) return metricsOfLog(text);
  throw new LogError(`Metric ${wrong + 1} is no number: ${words[wrong].slice(0, 40)}`);
}

function metricsOfLog(text: string): number[] {
  const log = parseLog(text);
  const name =
    METRICS.find((each) => log.columns.includes(each)) ??
    log.columns.find((each) => /loss|metric|acc/i.test(each));
  if (name === undefined) throw new LogError("The log has no column of a loss or a metric.");
  return Array.from(log.values[log.columns.indexOf(name)]).filter(Number.isFinite);
}
