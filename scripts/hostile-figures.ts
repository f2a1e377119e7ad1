// What came of each attack of test/e2e/hostile, and the table that docs/results.md shows of it.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { markdownTable } from './markdown-table.ts';

export interface HostileFigures {
  readonly attack: string;
  /** Alert states that the history holds. */
  readonly committed: number;
  /** Alert states that a subscriber received, each once; more than were committed where a disk took none. */
  readonly arrived: number;
  /** Receipts beyond the first. */
  readonly doubles: number;
  /** From SIGTERM to the end of the process, the longest of the attack, seconds. */
  readonly longestStopS: number;
  /** Resident memory at its highest, MB. */
  readonly peakMb: number;
  readonly tookS: number;
  /** What else there is to say, e.g. the rate that was reached. */
  readonly note?: string;
  /** What did not hold; none = the attack was withstood. */
  readonly faults: readonly string[];
}

/** In the order in which they were first added; none where there is no file. */
export function readFigures(path: string): readonly HostileFigures[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as HostileFigures[]) : [];
}

/** Takes the place of what an earlier run had for the same attack. */
export function addFigures(path: string, figures: HostileFigures): void {
  const rows = [...readFigures(path)];
  const place = rows.findIndex(({ attack }) => attack === figures.attack);
  rows.splice(place < 0 ? rows.length : place, 1, figures);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
  renameSync(`${path}.part`, path);
}

export function figuresTable(rows: readonly HostileFigures[]): string {
  return markdownTable(
    ['attack', 'committed', 'arrived', 'twice', 'longest stop', 'memory', 'withstood'],
    rows.map(({ attack, note, committed, arrived, doubles, longestStopS, peakMb, faults }) => [
      note === undefined ? attack : `${attack} (${note})`,
      String(committed),
      String(arrived),
      String(doubles),
      `${longestStopS.toFixed(1)} s`,
      `${Math.round(peakMb)} MB`,
      faults.length === 0 ? 'yes' : 'no',
    ]),
  );
}
