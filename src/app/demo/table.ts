// The result of the demo as a small table.
import { textTable } from '../text-table.ts';
import type { Verdict } from './verdict.ts';

export interface Row {
  readonly name: string;
  readonly verdict: Verdict;
}

const HEAD = ['', 'faults caught', 'median delay', 'false alarms', 'a day', 'VUS-PR'];

export function table(rows: readonly Row[]): string {
  return textTable([HEAD, ...rows.map(cellsOf)], (column) => column > 0);
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
