/** Items side by side, in as many lines of at most `columns` as they need. */
export function inRows(items: readonly string[], columns: number): string[] {
  const gap = "   ";
  const lines: string[] = [];
  for (const item of items.flatMap((one) => inLines(one, columns))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + gap.length + item.length <= columns) {
      lines[lines.length - 1] = last + gap + item;
    } else {
      lines.push(item);
    }
  }
  return lines;
}

/** A text in lines of at most `columns`, broken at spaces where that can be. */
export function inLines(text: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > columns) {
    const space = rest.lastIndexOf(" ", columns);
    const end = space > 0 ? space : columns;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
