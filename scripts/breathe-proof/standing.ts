// How often a method has the best median of all, by kinds of problems and numbers of evaluations.
import { figuresAt, type Measure } from '../../src/lab/search/proof/marked-runs.ts';
import { markdownTable } from '../markdown-table.ts';
import type { ProofRows } from './rows.ts';

interface Group {
  readonly about: string;
  counts(rows: ProofRows, measure: Measure): boolean;
}

const GROUPS: readonly Group[] = [
  {
    about: 'points, several objectives',
    counts: ({ kind }, { better }) => kind === 'points' && better === 'more',
  },
  {
    about: 'points, one objective',
    counts: ({ kind }, { better }) => kind === 'points' && better === 'less',
  },
  { about: 'graphs', counts: ({ kind }) => kind === 'graphs' },
];

/** Sequences that learn nothing. */
const EVEN = ['sobol', 'random'];

interface Standing {
  readonly best: string;
  readonly isFirst: boolean;
  /** First, or the first is not significantly ahead. */
  readonly isLevel: boolean;
  readonly isBehindEven: boolean;
}

/** Of each problem the first measure; a method that shares the best median is first too. `ours` without its variants. */
export function standingOf(all: readonly ProofRows[], ours: string): string {
  const marks = [...new Set(all.flatMap(({ report }) => report))].sort((a, b) => a - b);
  const rows = GROUPS.flatMap((group) =>
    marks.flatMap((mark) => {
      const found = all.flatMap((rows) => standingIn(group, rows, mark, ours) ?? []);
      if (found.length === 0) return [];
      const others = found.filter(({ isFirst }) => !isFirst).map(({ best }) => best);
      const named = [...new Set(others)].map(
        (name) => `${name} ${others.filter((other) => other === name).length}`,
      );
      return [
        [
          ...[group.about, String(mark)],
          `${found.filter(({ isFirst }) => isFirst).length} of ${found.length}`,
          String(found.filter(({ isLevel }) => isLevel).length),
          named.join(', ') || '-',
          String(found.filter(({ isBehindEven }) => isBehindEven).length),
        ],
      ];
    }),
  );
  const counted = ['ours first', 'first or level', 'else first', 'behind an even sequence'];
  return markdownTable(['problems', 'evaluations', ...counted], rows);
}

function standingIn(
  { counts }: Group,
  rows: ProofRows,
  mark: number,
  ours: string,
): Standing | undefined {
  const [measure] = rows.measures;
  const place = rows.at.indexOf(mark);
  if (!measure || place < 0 || !rows.report.includes(mark) || !counts(rows, measure)) return;
  const sign = measure.better === 'more' ? -1 : 1;
  const values = figuresAt(rows.runs, measure, place, ours)
    .filter(({ method }) => !method.startsWith(`${ours}-`))
    .map(({ method, interval, versus }) => ({ method, value: sign * interval.median, versus }));
  const own = values.find(({ method }) => method === ours);
  const [best] = values.toSorted((a, b) => a.value - b.value);
  if (!own || !best) return;
  const isFirst = own.value <= best.value;
  return {
    best: best.method,
    isFirst,
    isLevel: isFirst || best.versus?.verdict !== 'behind',
    isBehindEven: values.some(({ method, value }) => EVEN.includes(method) && value < own.value),
  };
}
