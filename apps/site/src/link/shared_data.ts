import type { Spec } from "torch-optim/lr_scheduler";
import type { Plan } from "../studio/plan.ts";
import type { Pin, Shared, View } from "../studio/studio.ts";
import { LinkError } from "./link_error.ts";

/** How links are written today. A change that old sites would misread is another version. */
export const VERSION = 1;

/** What a link may hold. The bounds of what is inside a spec are the library's own. */
const MOST_PINS = 50;
const LONGEST_NAME = 200;
const MOST_METRICS = 100_000;
const DEEPEST = 64;
/** As many as the studio shows as blocks. */
export const MOST_SCHEDULERS = 1000;
const MOST_VALUES = 250_000;
const UNITS: readonly unknown[] = ["steps", "epochs", "shares"] satisfies View["unit"][];
/** Keys that reach beyond the object they stand in. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

type Data = Readonly<Record<string, unknown>>;

/**
 * What was read from a link, if every field of it is what it must be. The spec is plain data with a
 * `type`, of bounded size and depth; whether it is sound, `check_spec` says.
 *
 * @throws LinkError that names the first field that is not.
 */
export function sharedOf(data: unknown): Shared {
  const link = objectIn(data, "what it holds");
  if (link.v !== VERSION) {
    const isNewer = typeof link.v === "number" && link.v > VERSION;
    throw new LinkError(
      isNewer
        ? "The link was made by a newer version of this page: reload it."
        : "The link holds no schedule.",
    );
  }
  const { plan, view, pins } = link;
  if (!Array.isArray(pins) || pins.length > MOST_PINS) {
    refuse("pins", `must be a list of at most ${MOST_PINS}`);
  }
  return {
    plan: planOf(plan, "plan"),
    view: viewOf(view),
    pins: pins.map((pin, i) => pinOf(pin, `pins[${i}]`)),
  };
}

function planOf(data: unknown, path: string): Plan {
  const { spec, lr, total, stepsPerEpoch, metrics } = objectIn(data, path);
  const isLr = typeof lr === "number" && Number.isFinite(lr) && lr > 0;
  if (!isLr) refuse(`${path}.lr`, "must be a number above 0");
  return {
    spec: specOf(spec, `${path}.spec`),
    lr,
    ...(total === undefined ? {} : { total: count(total, `${path}.total`) }),
    ...(stepsPerEpoch === undefined
      ? {}
      : { stepsPerEpoch: count(stepsPerEpoch, `${path}.stepsPerEpoch`) }),
    ...(metrics === undefined ? {} : { metrics: metricsOf(metrics, `${path}.metrics`) }),
  };
}

function specOf(data: unknown, path: string): Spec {
  const spec = objectIn(data, path);
  if (typeof spec.type !== "string") refuse(`${path}.type`, "must be the name of a scheduler");
  judgeSize(spec, path);
  return spec as unknown as Spec;
}

/** Refuses data that is too deep or too much for those who walk through it. */
function judgeSize(data: unknown, path: string): void {
  let values = 0;
  let objects = 0;
  const visit = (value: unknown, depth: number): void => {
    values += 1;
    if (values > MOST_VALUES) refuse(path, `must hold at most ${MOST_VALUES} values`);
    if (typeof value !== "object" || value === null) return;
    if (depth === DEEPEST) refuse(path, "is nested too deeply");
    if (!Array.isArray(value)) objects += 1;
    if (objects > MOST_SCHEDULERS) refuse(path, `must hold at most ${MOST_SCHEDULERS} schedulers`);
    for (const [key, item] of Object.entries(value)) {
      if (FORBIDDEN.has(key)) refuse(path, `holds "${key}", which is no option`);
      visit(item, depth + 1);
    }
  };
  visit(data, 0);
}

function count(value: unknown, path: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  return refuse(path, "must be a whole number of at least 1");
}

function metricsOf(value: unknown, path: string): readonly number[] {
  const areMetrics =
    Array.isArray(value) && value.length <= MOST_METRICS && value.every(Number.isFinite);
  return areMetrics ? value : refuse(path, `must be a list of at most ${MOST_METRICS} numbers`);
}

function viewOf(data: unknown): View {
  const { isLog, unit } = objectIn(data, "view");
  if (typeof isLog !== "boolean") refuse("view.isLog", "must be true or false");
  if (!UNITS.includes(unit)) refuse("view.unit", `must be one of ${UNITS.join(", ")}`);
  return { isLog, unit: unit as View["unit"] };
}

function pinOf(data: unknown, path: string): Pin {
  const { name, plan } = objectIn(data, path);
  if (typeof name !== "string" || name.length > LONGEST_NAME) {
    refuse(`${path}.name`, `must be a text of at most ${LONGEST_NAME} characters`);
  }
  return { name, plan: planOf(plan, `${path}.plan`) };
}

function objectIn(value: unknown, path: string): Data {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Data;
  return refuse(path, "must be an object");
}

function refuse(path: string, expected: string): never {
  throw new LinkError(`The link is broken: ${path} ${expected}.`);
}
