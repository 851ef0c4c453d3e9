import { type Plan, resolvedSpec } from "../studio/plan.ts";
import { isWritten, MOST_DIGITS, plain } from "./lengths.ts";

/** The plan with another total, and its shares so that every number of steps stays what it is. */
export function withTotal(plan: Plan, total: number): Plan {
  if (plan.total === undefined || plan.total === total) return plan;
  const scale = plan.total / total;
  const before = resolved(plan);
  for (let digits = 0; digits < MOST_DIGITS; digits++) {
    const next = { ...plan, total, spec: scaled(plan.spec, scale, digits) };
    if (before !== undefined && resolved(next) === before) return next;
  }
  return { ...plan, total, spec: scaled(plan.spec, scale, MOST_DIGITS) };
}

function resolved(plan: Plan): string | undefined {
  try {
    return JSON.stringify(resolvedSpec(plan));
  } catch {
    return undefined;
  }
}

/** Data with every share in it made larger or smaller. */
function scaled<T>(data: T, scale: number, digits: number): T {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, change(own)]));
    }
    if (!isWritten(value) || !value.endsWith("%")) return value;
    return `${plain(Number((Number.parseFloat(value) * scale).toFixed(digits)))}%`;
  };
  return change(data) as T;
}
