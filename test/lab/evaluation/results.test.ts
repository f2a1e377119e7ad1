import { describe, expect, it } from 'vitest';
import { plot } from '../../../src/lab/evaluation/result-plot.ts';
import type { ResultRow } from '../../../src/lab/evaluation/result-row.ts';
import { summarise } from '../../../src/lab/evaluation/result-row.ts';
import {
  comparison,
  details,
  perSeries,
  standing,
} from '../../../src/lab/evaluation/result-table.ts';

function row(series: string, detector: string, seed: number, vusPr?: number): ResultRow {
  return { dataset: 'SMD', series, detector, seed, rows: 100, prevalence: 0.1, vusPr };
}
const rows = [
  row('a', 'gon', 1, 0.4),
  row('b', 'gon', 1, 0.6),
  row('a', 'gon', 2, 0.5),
  row('b', 'gon', 2, 0.7),
  row('a', 'p<c>a', 1, 0.3),
  { ...row('b', 'p<c>a', 1), error: 'too short' },
];

describe('summarise', () => {
  it('averages series first and spreads over seeds', () => {
    const gon = rows.filter(({ detector }) => detector === 'gon');
    const found = summarise(gon, 'vusPr');
    expect(found?.mean).toBeCloseTo(0.55, 12);
    expect(found?.sd).toBeCloseTo(0.05, 12);
    expect(found).toMatchObject({ series: 2, seeds: 2 });
  });

  it('is undefined where nothing was measured', () => {
    expect(summarise(rows, 'trainS')).toBeUndefined();
    expect(summarise([], 'vusPr')).toBeUndefined();
  });
});

describe('result tables', () => {
  it('say when a mean lacks a series', () => {
    const lines = comparison(rows, 'vusPr', 'terminal').split('\n');
    expect(lines[0]).toMatch(/^vusPr +SMD \(2\)$/);
    expect(lines[1]).toMatch(/^gon +\.550 ±\.050$/);
    expect(lines[2]).toMatch(/^p<c>a +\.300 \(1 missing\)$/);
    const run = rows.filter(({ error }) => error === undefined);
    expect(comparison(run, 'vusPr', 'terminal')).toContain('.300 (1 missing)'); // it was not run there
  });

  it('are Markdown where they are for the README', () => {
    expect(comparison(rows, 'vusPr', 'markdown').split('\n').slice(0, 3)).toEqual([
      '| vusPr | SMD (2) |',
      '| --- | ---: |',
      '| gon | .550 ±.050 |',
    ]);
  });

  it('have every line of a terminal table equally aligned, and dashes for what does not exist', () => {
    const lines = details(rows, 'SMD', 'terminal').split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[1]).toMatch(/-$/);
    expect(perSeries(rows, 'terminal')).toMatch(/SMD\/b +\.650 ±\.050 +-$/m);
  });
});

describe('standing', () => {
  const other = { ...row('c', 'gon', 1, 0.15), dataset: 'ASD' };
  const knn = [row('a', 'knn', 1, 0.2), row('b', 'knn', 1, 0.4)];
  const both = [...rows, ...knn, other, { ...row('c', 'knn', 1, 0.9), dataset: 'ASD' }];

  it('ranks by the mean over data sets, however many series they have', () => {
    expect(
      standing({ all: both, SMD: [...rows, ...knn] }, 'vusPr', 'markdown').split('\n'),
    ).toEqual([
      '| vusPr | all | SMD |',
      '| --- | ---: | ---: |',
      '| knn | .600 | .300 |',
      '| gon | .350 | .550 |',
    ]);
  });

  it('leaves out who lacks a series of any part', () => {
    const lines = standing(
      {
        some: knn,
        all: both.filter(({ dataset, detector }) => dataset === 'SMD' || detector === 'gon'),
      },
      'vusPr',
      'markdown',
    );
    expect(lines.split('\n')).toHaveLength(2);
  });
});

describe('plot', () => {
  const svg = plot(rows, 'vusPr', 'VUS-PR & more');

  it('draws a bar a detector with its value, and whiskers where there are seeds', () => {
    expect(svg.match(/<rect [^>]*><title>/g)).toHaveLength(2);
    expect(svg).toContain('<title>SMD gon 0.550</title>');
    expect(svg.match(/stroke="black"/g)).toHaveLength(1);
  });

  it('needs nothing from elsewhere and escapes names', () => {
    expect(svg).not.toMatch(/href|script|url\(/);
    expect(svg).toContain('p&lt;c>a');
    expect(svg).toContain('VUS-PR &amp; more');
  });
});
