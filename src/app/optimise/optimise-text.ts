// An optimisation in words and as a table: a line for each evaluation as it comes, the front in the end, and a CSV of all.

import { join } from 'node:path';
import { csvCell } from '../../io/csv/writer.ts';
import { writeWhole } from '../../io/files/written-file.ts';
import { inOneLine } from '../../io/text/lines.ts';
import { short } from '../search/costs.ts';
import type { Ledger, Row } from './ledger.ts';
import type { NamedProblem, Setting } from './problem.ts';

const CSV_FILE = 'evaluations.csv';

type Columns = NamedProblem['names'];

export function headLine(names: Columns, hasReference: boolean): string {
  const metrics = [...names.objectives, ...names.constraints].map((name) => cell(name));
  const volume = hasReference ? [cell('volume')] : [];
  return [
    `${'#'.padStart(4)}  ${'asked for'.padEnd(11)}`,
    ...metrics,
    ...volume,
    names.variables.join('  '),
  ].join('  ');
}

/** `*` marks a point that is on the front, `!` one that breaks a constraint. */
export function rowLine(row: Row, names: Columns, isOnFront: boolean): string {
  const head = `${String(row.evaluation).padStart(4)}  ${row.reason.padEnd(11)}`;
  const settings = names.variables.map((name) => `${name}=${shown(row.settings[name])}`).join('  ');
  if (row.failure !== undefined) return `${head}  failed: ${row.failure}  ${settings}`;
  const mark = isOnFront ? '*' : row.feasible ? ' ' : '!';
  const metrics = metricsOf(row, names).map((value) =>
    cell(value === undefined ? '' : short(value)),
  );
  const volume = row.hypervolume === undefined ? [] : [cell(short(row.hypervolume))];
  return `${[head, ...metrics, ...volume].join('  ')} ${mark} ${settings}`;
}

/** What is left at the usual pace. */
export function timeLeft(ledger: Ledger, { file }: NamedProblem): number | undefined {
  const usual = ledger.usualSeconds;
  const left = Math.max(0, file.budget - ledger.rows.length);
  return usual === undefined ? undefined : (usual * left) / file.parallel;
}

/** What was found, in a few lines, with the next command. */
export function endText(problem: NamedProblem, ledger: Ledger, folder: string): string {
  const { rows, front } = ledger;
  const failed = rows.filter(({ failure }) => failure !== undefined).length;
  const broken = rows.filter(({ failure, feasible }) => failure === undefined && !feasible).length;
  const counts = `${rows.length} evaluations, ${failed} failed, ${broken} broke a constraint`;
  const found = front.length > 0 ? frontText(problem, ledger) : [nothingText(problem, ledger)];
  return [
    counts,
    ...found,
    '',
    `all evaluations: ${join(folder, CSV_FILE)}`,
    `Next: sentigon report ${folder}`,
  ].join('\n');
}

function frontText({ names, reference }: NamedProblem, ledger: Ledger): readonly string[] {
  const volume =
    ledger.hypervolume === undefined
      ? names.objectives.length > 1 && reference === undefined
        ? '; set reference in the problem file to see its hypervolume'
        : ''
      : `, hypervolume ${short(ledger.hypervolume)}`;
  const title = names.objectives.length > 1 ? `${ledger.front.length} points on the front` : 'best';
  const head = [
    cell('#', 4),
    ...[...names.objectives, ...names.constraints, ...names.variables].map((name) => cell(name)),
  ];
  const lines = ledger.front.map((row) =>
    [
      cell(String(row.evaluation), 4),
      ...metricsOf(row, names).map((value) => cell(value === undefined ? '' : short(value))),
      ...names.variables.map((name) => cell(shown(row.settings[name]))),
    ].join('  '),
  );
  return [`${title}${volume}:`, head.join('  '), ...lines].map((line) => line.trimEnd());
}

/** Why there is no front. */
export function nothingText({ file }: NamedProblem, ledger: Ledger): string {
  const { nearest, rows } = ledger;
  if (!nearest)
    return `no evaluation succeeded; the last: ${rows.at(-1)?.failure ?? 'none was made'}`;
  const misses = nearest.misses.map(({ name, by }) => {
    const { least, most } = file.constraints[name] ?? {};
    const limit = most === undefined ? `at least ${least}` : `at most ${most}`;
    return `${name} by ${short(by)} (${limit})`;
  });
  return `nothing feasible was found: evaluation ${nearest.evaluation} is nearest and misses ${misses.join(', ')}`;
}

function metricsOf({ metrics }: Row, { objectives, constraints }: Columns) {
  return [...objectives, ...constraints].map((name) => metrics?.[name]);
}

const CELL = 9;

function cell(text: string, width = CELL): string {
  return text.padEnd(width);
}

function shown(setting: Setting | undefined): string {
  return typeof setting === 'number' ? short(setting) : inOneLine(String(setting));
}

/** Every evaluation so far in a file of the folder. Throws `StoreError`. */
export function writeTable({ names }: NamedProblem, ledger: Ledger, folder: string): void {
  const columns = [
    ...['evaluation', 'reason', ...names.variables, ...names.objectives, ...names.constraints],
    ...['feasible', 'front', 'hypervolume', 'seconds', 'failure'],
  ];
  const front = new Set(ledger.front);
  const lines = ledger.rows.map((row) => [
    ...[row.evaluation, row.reason, ...names.variables.map((name) => row.settings[name])],
    ...metricsOf(row, names),
    ...[row.feasible, front.has(row), row.hypervolume, row.seconds, row.failure],
  ]);
  const text = [columns, ...lines]
    .map((line) => `${line.map((value) => csvCell(String(value ?? ''))).join(',')}\n`)
    .join('');
  writeWhole(join(folder, CSV_FILE), text);
}
