// Cells in columns, as a terminal shows them.

/** One line a row; columns are as wide as their widest cell, and stand `right` or left. */
export function textTable(
  rows: readonly (readonly string[])[],
  right: (column: number) => boolean,
): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const padded = (cell: string, column: number): string =>
    right(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
}
