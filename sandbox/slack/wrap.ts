/** Wraps a line between words, with a hanging indent for a bullet, number or quote. */
export function wrapLine(line: string, width: number): string[] {
  const [start = ''] = /^\s*(?:> |• |\d+\. )?/.exec(line) ?? [];
  const hanging = start.includes('>') ? start : ' '.repeat(start.length);
  const lines: string[] = [];
  let current = start;
  for (const word of line.slice(start.length).split(' ')) {
    const longer = current.trim() === start.trim() ? `${current}${word}` : `${current} ${word}`;
    if (longer.length <= width || current.trim() === start.trim()) {
      current = longer;
      continue;
    }
    lines.push(current);
    current = `${hanging}${word}`;
  }
  return [...lines, current];
}
