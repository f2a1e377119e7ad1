// What the searches of one table found, as text: aligned columns for a terminal, pipes for a README.

import {
  type Marks,
  type MethodSummary,
  type SearchRun,
  summarise,
  type Versus,
  versusEach,
} from '../../src/lab/search/proof/comparison.ts';
import type { Interval } from '../../src/lab/search/proof/statistics.ts';

export type TableStyle = 'terminal' | 'markdown';

export interface Comparison {
  readonly summaries: readonly MethodSummary[];
  readonly versus: readonly Versus[];
}

/**
 * `ours` first, then as they were run; it is compared with all others. Those that are ours without a part, named after it,
 * are a family of tests of their own.
 */
export function compareRuns(runs: readonly SearchRun[], marks: Marks, ours: string): Comparison {
  const methods = [...new Set(runs.map(({ method }) => method))];
  const ordered = [...methods.filter((m) => m === ours), ...methods.filter((m) => m !== ours)];
  return {
    summaries: ordered.map((name) =>
      summarise(
        runs.filter(({ method }) => method === name),
        marks,
      ),
    ),
    versus: [false, true].flatMap((variants) =>
      versusEach(
        ours,
        runs.filter(({ method }) => method === ours || method.startsWith(`${ours}-`) === variants),
        marks.budget,
      ),
    ),
  };
}

/** One row a method. */
export function comparisonTable(
  { summaries, versus }: Comparison,
  marks: Marks,
  style: TableStyle,
): string {
  const head = [
    'method',
    'seeds',
    'at once',
    ...marks.after.map((mark) => `regret @${mark}`),
    'mean regret',
    ...marks.tops.flatMap((top) => [`evaluations to top ${top}`, 'reached']),
    'ours ahead-behind',
    'p (Holm)',
    's/search',
  ];
  const body = summaries.map((summary) => {
    const against = versus.find(({ rival }) => rival === summary.method);
    return [
      summary.method,
      String(summary.runs),
      String(summary.batch),
      ...summary.regret.map((interval) => spread(interval, precise)),
      spread(summary.area, precise),
      ...summary.reached.flatMap(({ evaluations, runs }) => [
        spread(evaluations, (value) => (value > marks.budget ? `>${marks.budget}` : whole(value))),
        `${runs}/${summary.runs}`,
      ]),
      against ? `${against.ahead}-${against.behind}` : '-',
      against ? against.adjusted.toPrecision(2) : '-',
      summary.searchS.toFixed(1),
    ];
  });
  return aligned([head, ...body], style);
}

function spread({ median, low, high }: Interval, digits: (value: number) => string): string {
  return `${digits(median)} [${digits(low)}..${digits(high)}]`;
}

function precise(value: number): string {
  return value === 0 ? '0' : value.toPrecision(2);
}

function whole(value: number): string {
  return value.toFixed(0);
}

function aligned(rows: readonly (readonly string[])[], style: TableStyle): string {
  const columns = rows[0]?.length ?? 0;
  if (style === 'markdown') {
    const rule = `| --- |${' ---: |'.repeat(columns - 1)}`;
    const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |`);
    return [head, rule, ...body].join('\n');
  }
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => (row[c] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[c] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
