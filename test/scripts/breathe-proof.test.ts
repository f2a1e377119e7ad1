import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../scripts/breathe-proof/claims.ts';
import { pageOf, sectionOf } from '../../scripts/breathe-proof/page.ts';
import { pointContests } from '../../scripts/breathe-proof/points.ts';
import { type ProofRows, readRows, writeRows } from '../../scripts/breathe-proof/rows.ts';
import { standingOf } from '../../scripts/breathe-proof/standing.ts';
import { SourceError } from '../../src/core/errors.ts';

const script = fileURLToPath(new URL('../../scripts/breathe-proof.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'breathe-proof-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows: ProofRows = {
  ...{ problem: 'Toy(2,1)', kind: 'graphs', about: 'A toy.', at: [5, 10], report: [10] },
  measures: [
    { name: 'share', better: 'more', about: 'of all' },
    { name: 'regret', better: 'less', about: 'in toys' },
  ],
  runs: ['rival', 'breathe'].flatMap((method, i) =>
    [1, 2, 3, 4, 5, 6].map((seed) => ({
      ...{ method, seed, queryS: 0.01, feasible: 0.5 },
      values: { share: [0.1, 0.2 + 0.3 * i], regret: [3, 2 - i] },
      firstFeasible: method === 'rival' ? null : 4,
    })),
  ),
};

describe('rows of the proof of breathe', () => {
  it('come back as they were written, and are refused where a file holds something else', () => {
    writeRows(folder, rows);
    expect(readRows(folder, 'Toy(2,1)')).toEqual(rows);
    expect(readRows(folder, 'Other')).toBeUndefined();
    writeFileSync(join(folder, 'broken.json'), '{}');
    expect(() => readRows(folder, 'broken')).toThrow(SourceError);
    rmSync(join(folder, 'broken.json'));
  });

  it('become a page: standing over all problems, then a table with a plot for each measure', () => {
    const page = pageOf([rows]);
    expect(page).toContain('| Toy(2,1) | share | 6 | 0.500 [0.500..0.500] | rival 0.200');
    expect(page).toContain('| rival | 6 | 0.200 [0.200..0.200] (6-0, p 0.031)');
    expect(page).toContain('| 50 % | none | 0.010 |');
    const { plots } = sectionOf(rows);
    expect([...plots.keys()]).toEqual(['toy-2-1.svg', 'toy-2-1-regret.svg']);
    for (const plot of plots.values()) expect(plot).toContain('<title>breathe</title>');
  });
});

describe('how often ours is first', () => {
  it('counts problems by the best median of the first measure, and those whose leader is not significantly ahead', () => {
    const points = { ...rows, kind: 'points' as const };
    const renamed = (from: string, to: string) =>
      points.runs.map((run) => (run.method === from ? { ...run, method: to } : run));
    const beaten = points.runs.map((run) => ({
      ...run,
      method: run.method === 'breathe' ? 'sobol' : 'breathe',
    }));
    const atFirst = beaten.filter(({ seed }) => seed <= 2);
    const table = standingOf(
      [
        points,
        { ...points, problem: 'Beaten on two seeds', runs: atFirst },
        { ...points, problem: 'Variant', runs: renamed('breathe', 'breathe-plane') },
        { ...points, problem: 'Beaten', runs: beaten },
        rows,
      ],
      'breathe',
    );
    expect(table).toContain('| points, several objectives | 10 | 1 of 3 | 2 | sobol 2 | 2 |');
    expect(table).toContain('| graphs | 10 | 1 of 1 | 1 | - | 0 |');
    expect(table).not.toContain('one objective');
  });
});

describe('ours in variants', () => {
  it('stand in a table of their own, of the problems that they searched', () => {
    const first = rows.runs.map((run) =>
      run.method === 'rival' ? { ...run, method: 'breathe-first-order' } : run,
    );
    const page = pageOf([
      { ...rows, runs: first },
      { ...rows, problem: 'Other' },
    ]);
    expect(page).toContain(
      '| method | Toy(2,1) |\n| --- | --- |\n| breathe | 0.500 [0.500..0.500], 6 |',
    );
    expect(page).toContain('| breathe-first-order | 0.200 [0.200..0.200] (6-0, p 0.031), 6 |');
    expect(pageOf([rows])).not.toContain('Ours in variants');
  });
});

describe('claims of the abstract', () => {
  const claimed = (kind: ProofRows['kind'], better: 'more' | 'less', rival: string) => ({
    ...rows,
    kind,
    measures: [{ name: 'share', better, about: 'of all' }],
    runs: rows.runs.map((run) => ({ ...run, method: run.method === 'rival' ? rival : 'breathe' })),
  });

  it('stand beside the ratios of the rows, and beside "-" where a method has none', () => {
    const none = claimsOf([rows], 'breathe');
    expect(none.match(/\| - \| - \|/g)).toHaveLength(3);
    const some = [
      claimed('points', 'more', 'mobopt'),
      claimed('points', 'less', 'random-forest'),
      claimed('graphs', 'more', 'graph-gaussian-process'),
    ];
    const table = claimsOf(some, 'breathe');
    expect(table).toContain('| up to 21.9 | 2.50, at most 2.50 (1) |');
    expect(table).toContain('| 64.1 % better | -150.0 %, at most -150.0 % (1) |');
    expect(table).toContain('| 64.9 % better | 150.0 %, at most 150.0 % (1) |');
    expect(table.match(/\| 6, so far \|/g)).toHaveLength(3);
    expect(pageOf(some)).toContain(table);
  });
});

describe('contests over points', () => {
  it('give the same values for the same seed, which never get worse', () => {
    const bnh = pointContests.find(({ head }) => head.problem === 'BNH');
    const found = bnh?.run('nsga2', 3);
    expect({ ...bnh?.run('nsga2', 3), queryS: 0 }).toEqual({ ...found, queryS: 0 });
    const shares = found?.values['hypervolume to 140'] as readonly number[];
    expect(shares).toHaveLength(bnh?.head.at.length as number);
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
  });

  it('are resumed by the script, which leaves out what is there', () => {
    const args = ['--problems', 'TNK,Branin', '--methods', 'sobol', '--results', folder];
    const run = (...more: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', script, ...args, ...more], {
        encoding: 'utf8',
      });
    expect(run('--seeds', '1').stderr).toBe('');
    const first = readFileSync(join(folder, 'tnk.json'), 'utf8');
    expect(run('--seeds', '2', '--resume').stderr).toBe('');
    expect(readRows(folder, 'TNK')?.runs.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(readFileSync(join(folder, 'tnk.json'), 'utf8').split('\n')[1]).toBe(
      `${first.split('\n')[1]},`,
    );
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('## Branin');
    expect(run('--problems', 'ZDT9').stderr).toContain('--problems: ZDT9 is unknown');
  });

  it('are kept from several scripts at once', async () => {
    const found = await Promise.all(
      ['100', '200'].map((from) =>
        promisify(execFile)(process.execPath, [
          ...['--import', 'tsx', script, '--problems', 'Branin', '--methods', 'sobol'],
          ...['--results', folder, '--from', from, '--seeds', '24'],
        ]),
      ),
    );
    expect(found.map(({ stderr }) => stderr)).toEqual(['', '']);
    const seeds = readRows(folder, 'Branin')?.runs.map(({ seed }) => seed) ?? [];
    const both = [100, 200].flatMap((from) => Array.from({ length: 24 }, (_, i) => from + i));
    expect(seeds.filter((seed) => seed >= 100).toSorted((a, b) => a - b)).toEqual(both);
  });
});
