import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../../src/app/evaluate/report-page.ts';
import { strip } from '../../../src/app/evaluate/report-strip.ts';
import { readRun, writeRun } from '../../../src/app/evaluate/run-files.ts';
import { SourceError } from '../../../src/core/errors.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { contestantOf } from '../../../src/lab/judging/contestants.ts';
import { perform } from '../../../src/lab/judging/judge.ts';
import { resultOf } from '../../../src/lab/judging/result-of.ts';
import { type RunRecord, recordOf } from '../../../src/lab/judging/run-record.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';
import { labelsOf } from '../../../src/lab/series/segments.ts';
import { ordinarySeries, PLANTED, plantedSeries } from '../../contracts/planted.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'sentigon-'));
const segments = [{ start: PLANTED.start, end: PLANTED.end, kind: 'planted <b>' }];
const truth: LabelledSeries = {
  id: 'planted',
  train: ordinarySeries(1500),
  test: plantedSeries(600, 1_500_000),
  labels: labelsOf(segments, 600),
  segments,
  intervalMs: 1000,
};

async function run(): Promise<RunRecord> {
  const context = { kernels: plainKernels, seed: 1, signal: new AbortController().signal };
  const performance = await perform(contestantOf('pca'), truth, context);
  const identity = { dataset: 'd', series: 'a/b', detector: 'pca', seed: 1 };
  return recordOf(performance, truth, resultOf(performance, truth, identity));
}

describe('run files', () => {
  it('give back what was written, under a name without slashes', async () => {
    const record = await run();
    const path = writeRun(folder(), record);
    expect(path).toMatch(/\/d_a-b_pca_1\.json\.gz$/);
    expect(readRun(path)).toEqual(JSON.parse(JSON.stringify(record)));
  });

  it('are refused by name when missing, cut short, or something else', async () => {
    const place = folder();
    const path = writeRun(place, await run());
    expect(() => readRun(join(place, 'absent.json'))).toThrow(/absent\.json holds no run/);
    writeFileSync(path, gzipSync('{"scores":[1],'));
    expect(() => readRun(path)).toThrow(SourceError);
    writeFileSync(path, 'no gzip');
    expect(() => readRun(path)).toThrow(
      'holds no run (it cannot be unpacked as gzip): name a file',
    );
  });

  it.each([
    ['no JSON', 'it is no JSON'],
    ['{"a":1}', 'result: is missing, expected a mapping'],
    ['[]', 'the file: found an empty list, expected a mapping'],
    ['{"scores":[1],"timeMs":[1]}', 'result: is missing, expected a mapping'],
  ])('are refused in one line where they hold %s (#22)', (text, why) => {
    const path = join(folder(), 'other.json');
    writeFileSync(path, text);
    expect(() => readRun(path)).toThrow(
      `other.json holds no run (${why}): name a file of sentigon evaluate --runs DIR, or of sentigon simulate --out FILE`,
    );
  });

  it('are refused where scores and rows do not match', async () => {
    const path = writeRun(folder(), { ...(await run()), scores: [1] });
    expect(() => readRun(path)).toThrow(/holds no run \(1 scores of \d+ rows\)/);
  });
});

describe('reportPage', () => {
  it('shows the alert with what it touches and whom it blames', async () => {
    const page = reportPage(await run());
    expect(page).toMatch(/<td data-name="touches">planted &lt;b><\/td>/);
    expect(page.match(/<tr><td>1970-01-01 00:28/g)).toHaveLength(1);
    // The first channel named in the alert, by the residual of one component.
    expect(/<td><div><span [^>]*><\/span> (\w+) 9\d %/.exec(page)?.[1]).toBe('network');
    expect(page).toContain('<td>events caught</td><td class="n">1.000</td>');
  });

  it('needs no network and no script', async () => {
    expect(reportPage(await run())).not.toMatch(/<script|<link|<img|https?:|url\(|@import/);
  });

  it('says so when there was no alert', async () => {
    expect(reportPage({ ...(await run()), alerts: [] })).toContain('<p>None.</p>');
  });
});

describe('strip', () => {
  it('keeps a single bad row of a long run in sight', async () => {
    const record = await run();
    const values = new Array<number>(100_000).fill(1);
    values[54_321] = 1000;
    const svg = strip(
      { ...record, segments: [], alerts: [] },
      { values, height: 100, logarithmic: true },
    );
    expect(svg).toContain('>1000</text>');
    // From the bottom of the plot to its top, somewhere in the middle.
    expect(svg).toMatch(/class="curve"[^>]*M62\d\.\d 96\.0L62\d\.\d 7\.5/);
    expect(svg.length).toBeLessThan(140_000);
  });

  it('says at each point when it was and what was read, in its unit (#21)', async () => {
    const record = { ...(await run()), segments: [], alerts: [] };
    const timeMs = [0, 1000].map((ms) => Date.UTC(2026, 10, 24, 12) + ms);
    const svg = strip({ ...record, timeMs }, { values: [0.00276, 1], height: 60, unit: 'MB/s' });
    expect(svg).toContain('<title>2026-11-24 12:00:00: 0.00276 MB/s</title>');
    expect(svg).toContain('<title>2026-11-24 12:00:01: 1 MB/s</title>');
    const ticks = [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text);
    expect(ticks).toEqual(['0.0', '0.5', '1.0']);
  });

  it('leaves gaps where there was no reading', async () => {
    const svg = strip(
      { ...(await run()), segments: [], alerts: [] },
      { values: [1, null, 3], height: 50 },
    );
    expect(/class="curve" d="([^"]*)"/.exec(svg)?.[1]?.match(/M/g)).toHaveLength(2);
    expect(svg.match(/<title>/g)).toHaveLength(2);
  });
});
