/** Items side by side, in as many lines of at most `columns` as they need. */
export function wrap(items: readonly string[], columns: number): string[] {
  const gap = "   ";
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + gap.length + item.length <= columns) {
      lines[lines.length - 1] = last + gap + item;
    } else {
      lines.push(item);
    }
  }
  return lines;
}
