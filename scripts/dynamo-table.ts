// What the points of scripts/dynamo-curves.ts come to: what each policy saves and costs on each set, when it catches
// segments beside a run a row of the same network, and where the goal is met. Prints tables in Markdown.
//   npx tsx scripts/dynamo-table.ts [--variant tokens] [--folder results/curves]
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../src/engine/statistics.ts';
import { commandLine } from './command-line.mjs';
import { type CurvePoint, readPoints } from './dynamo/point.ts';
import { type Summary, summarise } from './dynamo/summary.ts';
import { markdownTable } from './markdown-table.ts';

/** Rows a run that the goal asks for. */
const GOAL = 1.8;

const { values } = commandLine({
  options: {
    variant: { type: 'string', default: 'tokens' },
    folder: {
      type: 'string',
      default: fileURLToPath(new URL('../results/curves', import.meta.url)),
    },
  },
});

interface Judged {
  readonly set: string;
  readonly points: readonly CurvePoint[];
  readonly summaries: ReadonlyMap<string, Summary>;
}

const nameOf = ({ policy, setting }: CurvePoint): string =>
  policy === 'plain' ? 'a run a row' : `${policy}, ${setting}`;

function judge(file: string): Judged {
  const all = readPoints(join(values.folder, file));
  const points = all.filter(({ variant }) => variant === values.variant);
  const base = points.filter(({ policy }) => policy === 'plain');
  const names = [...new Set(points.map(nameOf))];
  const summaries = names.map(
    (name) =>
      [
        name,
        summarise(
          points.filter((point) => nameOf(point) === name),
          base,
        ),
      ] as const,
  );
  return {
    set: file.replace(/^dynamo-(.*)\.json$/, '$1'),
    points,
    summaries: new Map(summaries),
  };
}

const short = (value: number): string => value.toFixed(3).replace(/^(-?)0\./, '$1.');

/** A row a policy, a column a set. */
function byPolicy(sets: readonly Judged[], cellOf: (summary: Summary) => string): string {
  const names = [...new Set(sets.flatMap(({ summaries }) => [...summaries.keys()]))];
  const cell = (summary: Summary | undefined) => (summary ? cellOf(summary) : '-');
  return markdownTable(
    ['', ...sets.map(({ set }) => set)],
    names.map((name) => [name, ...sets.map(({ summaries }) => cell(summaries.get(name)))]),
  );
}

function moved({ shifts, lost, won }: Summary): string {
  const same = shifts.filter((shift) => shift === 0).length;
  const earlier = shifts.filter((shift) => shift < 0);
  const later = shifts.filter((shift) => shift > 0);
  const part = (shifted: readonly number[], name: string, worst: number): string[] =>
    shifted.length > 0 ? [`${shifted.length} ${name} (${worst})`] : [];
  return [
    `${same} same`,
    ...part(earlier, 'earlier', Math.min(...earlier)),
    ...part(later, 'later', Math.max(...later)),
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(won > 0 ? [`${won} won`] : []),
  ].join(', ');
}

function verdict({ set, points, summaries }: Judged): readonly string[] {
  const [base, own] = [summaries.get('a run a row'), summaries.get('dynamo, 0')];
  if (!base || !own) throw new RangeError(`${set} lacks a policy that is to be compared`);
  const seeds = new Set(points.map(({ seed }) => seed)).size;
  const series = new Set(points.map((point) => point.series)).size;
  const change = own.area - base.area;
  const isMet = {
    work: own.rowsPerRun >= GOAL,
    area: change >= -base.deviation,
    delay: own.lost === 0 && own.shifts.every((shift) => shift <= 0),
  };
  const told = (met: boolean) => (met ? 'yes' : 'no');
  const typical = own.shifts.length > 0 ? String(median(own.shifts)) : '-';
  return [
    `${set} (${series} series, ${seeds} seeds)`,
    `${own.rowsPerRun.toFixed(2)}: ${told(isMet.work)}`,
    `${short(change)}, ±${short(base.deviation)}: ${told(isMet.area)}`,
    `${typical}, ${Math.max(...own.shifts)}, ${own.lost} lost: ${told(isMet.delay)}`,
    `${base.caught}, ${own.caught} of ${own.segments}`,
    `${base.falseRows}, ${own.falseRows}`,
    told(isMet.work && isMet.area && isMet.delay),
  ];
}

const sets = readdirSync(values.folder)
  .filter((file) => /^dynamo-.*\.json$/.test(file))
  .map(judge)
  .filter(({ points }) => points.length > 0);
console.log(`VUS-PR ± between seeds, rows a run (${values.variant})\n`);
console.log(
  byPolicy(
    sets,
    ({ area, deviation, rowsPerRun }) =>
      `${short(area)} ±${short(deviation)}, ${rowsPerRun.toFixed(2)}`,
  ),
);
console.log(
  '\nSegments, beside a run a row: caught at the same row, earlier or later (the farthest), lost, won\n',
);
console.log(byPolicy(sets, moved));
console.log('\nThe goal, by eps_b 0 and the guard\n');
console.log(
  markdownTable(
    [
      '',
      `rows a run, ${GOAL} at least`,
      'change of VUS-PR, deviation',
      'rows later, median and worst',
      'caught: before, after',
      'false rows: before, after',
      'met',
    ],
    sets.map(verdict),
  ),
);
