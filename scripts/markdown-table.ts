export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [head, head.map(() => '---'), ...rows];
  // names of networks hold bars
  const cellOf = (text: string): string => text.replaceAll('|', '\\|');
  return lines.map((cells) => `| ${cells.map(cellOf).join(' | ')} |`).join('\n');
}
