const WIDTH = 72;

/** Data as JSON: what has room stands on one line, everything else on lines of its own. */
export function layOut(data: unknown, indent = ""): string {
  const flat = onOneLine(data);
  if (typeof data !== "object" || data === null) return flat;
  const isTree =
    Object.keys(data).includes("schedulers") || Object.keys(data).includes("schedules");
  if (!isTree && indent.length + flat.length <= WIDTH) return flat;
  const inside = `${indent}  `;
  const [open, close] = Array.isArray(data) ? "[]" : "{}";
  const items = Array.isArray(data)
    ? data.map((item) => layOut(item, inside))
    : Object.entries(data).map(([key, item]) => `${JSON.stringify(key)}: ${layOut(item, inside)}`);
  if (items.length === 0) return flat;
  return `${open}\n${items.map((item) => inside + item).join(",\n")}\n${indent}${close}`;
}

function onOneLine(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(onOneLine).join(", ")}]`;
  if (typeof data !== "object" || data === null) return JSON.stringify(data) ?? "null";
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, value]) => `${JSON.stringify(key)}: ${onOneLine(value)}`).join(", ")} }`;
}
