// The result of the demo as a small table.
import type { Verdict } from './verdict.ts';

export interface Row {
  readonly name: string;
  readonly verdict: Verdict;
}

const HEAD = ['', 'faults caught', 'median delay', 'false alarms', 'a day', 'VUS-PR'];

export function table(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

function cellsOf({ name, verdict }: Row): string[] {
  const { events, caught, medianDelayS, falseAlarms, falseAlarmsPerDay, vusPr } = verdict;
  return [
    name,
    `${caught} of ${events}`,
    medianDelayS === undefined ? '-' : `${medianDelayS.toFixed(0)} s`,
    String(falseAlarms),
    falseAlarmsPerDay.toFixed(0),
    vusPr === undefined ? '-' : vusPr.toFixed(3),
  ];
}
