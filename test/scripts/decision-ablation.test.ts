import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { evidenceTable, judgedAlerts } from '../../scripts/decision-ablation/evidence.ts';
import { play } from '../../scripts/decision-ablation/play.ts';
import { scoresOf } from '../../scripts/decision-ablation/scores.ts';
import { PARTS, PLAN } from '../../scripts/decision-ablation/variants.ts';
import { plainKernels } from '../../src/engine/kernels/plain.ts';
import { createRandom } from '../../src/engine/random.ts';
import { contestantOf } from '../../src/lab/judging/contestants.ts';
import { perform } from '../../src/lab/judging/judge.ts';
import { resultOf } from '../../src/lab/judging/result-of.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';
import { ordinarySeries, PLANTED, plantedSeries } from '../contracts/planted.ts';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('../../scripts/decision-ablation.ts', import.meta.url));

/** Rows are missing, so that one row completes several windows. */
function truthWithGaps(): LabelledSeries {
  const test = plantedSeries(600, 1_500_000);
  const width = test.channels.length;
  const keep = [...test.timeMs.keys()].filter((row) => row % 50 > 1);
  return {
    id: 'planted',
    train: ordinarySeries(1500),
    test: {
      ...test,
      timeMs: Float64Array.from(keep, (row) => test.timeMs[row] as number),
      values: Float64Array.from(
        keep.flatMap((row) => [...test.values.subarray(row * width, (row + 1) * width)]),
      ),
    },
    labels: Uint8Array.from(keep, (row) => Number(row >= PLANTED.start && row < PLANTED.end)),
    segments: [],
    intervalMs: 1000,
  };
}

describe('the ablation of the decision (#19)', () => {
  it('counts how many alerts were right, by how far they were beyond what had been seen', () => {
    const alert = { right: true, firstDay: true, peak: 2, beyondSeen: 0.9 };
    const lines = evidenceTable([
      alert,
      { ...alert, right: false },
      { ...alert, firstDay: false, beyondSeen: 3 },
      { ...alert, firstDay: false, beyondSeen: undefined },
    ]).split('\n');
    const cells = lines.map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
    expect(cells).toContainEqual(['beyondSeen 0 to 1', '1 of 2', '0 of 0']);
    expect(cells).toContainEqual(['beyondSeen 3 and more', '0 of 0', '1 of 1']);
    expect(cells).toContainEqual(['peak 1.5 to 3', '1 of 2', '2 of 2']);
  });

  it.each(['pca-windows', 'gon:steps=20,batch=32'])(
    'counts alerts of %s at the default as evaluate does',
    async (detector) => {
      const truth = truthWithGaps();
      const context = { kernels: plainKernels, seed: 1, signal: new AbortController().signal };
      const performance = await perform(contestantOf(detector), truth, context);
      const identity = { dataset: 'd', series: 's', seed: 1 };
      const evaluated = resultOf(performance, truth, { ...identity, detector });
      const scores = await scoresOf({ detector, seed: 1 }, truth, plainKernels);
      expect(new Set(scores.rows).size).toBeLessThan(scores.rows.length);
      const [first] = PARTS;
      const { detector: _name, ...played } = play(first as never, scores, truth, identity);
      expect(evaluated).toMatchObject(played);
      expect(played.openingsCaught).toBe(1);
      expect(played.hindsightCaught).toBe(1);
      const alerts = judgedAlerts(first as never, scores, truth);
      expect(alerts.filter(({ right }) => right)).toMatchObject([{ firstDay: true }]);
      expect(alerts.filter(({ right }) => !right)).toHaveLength(played.openingsFalse as number);
      expect(alerts.find(({ right }) => right)?.beyondSeen).toBeGreaterThan(1);
    },
  );

  it('counts a threshold as silent that the calibration does not suffice for, and the others as ever', async () => {
    const truth = truthWithGaps();
    const identity = { dataset: 'd', series: 's', seed: 1 };
    const scores = await scoresOf({ detector: 'pca', seed: 1 }, truth, plainKernels);
    const short = { ...scores, calibration: scores.calibration.slice(0, 20) };
    const caught = PARTS.map((variant) => {
      const { openingEvents, openingsCaught } = play(variant, short, truth, identity);
      expect(openingEvents).toBe(1);
      return [variant.name, openingsCaught];
    });
    expect(caught).toContainEqual(['`dspot`', 0]);
    expect(caught[0]).toEqual([PARTS[0]?.name, 1]);
  });

  it('has a name for each variant', () => {
    for (const variants of [PARTS, PLAN])
      expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
  });

  it('prints the same from what it has kept, and writes it down', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentigon-'));
    const [data, cache, out] = ['data', 'cache', 'out'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeSeries(join(data, 'tiny'));
    const options = ['--all', '--only', 'tiny', '--data-root', data, '--detector', 'pca'];
    const kept = ['--resume', '--cache', cache, '--out', out];
    const ablation = () =>
      run(process.execPath, ['--import', 'tsx', SCRIPT, ...options, ...kept], { timeout: 120_000 });
    const { stdout } = await ablation();
    expect(stdout).toMatch(/\| default \(`episodes`\) \| 1\.00 \|/);
    expect(readFileSync(join(out, 'all.md'), 'utf8')).toContain(stdout.trim());
    expect(JSON.parse(readFileSync(join(out, 'all.json'), 'utf8')).figures).toHaveLength(
      PARTS.length,
    );
    const [file] = readdirSync(cache);
    const scores = JSON.parse(readFileSync(join(cache, file as string), 'utf8'));
    writeFileSync(
      join(cache, file as string),
      JSON.stringify({ ...scores, newest: scores.newest.map(() => 0) }),
    );
    expect((await ablation()).stdout).toMatch(/\| default \(`episodes`\) \| \.00 \|/);
  }, 180_000);
});

/** In the layout of TSB-AD: a wave, then the same wave with a fault in it. */
function writeSeries(folder: string): void {
  const random = createRandom(1);
  const line = (i: number): string => {
    const hole = i >= 900 && i < 920;
    const value = hole ? 9 : Math.sin(i / 5) + 0.1 * random.normal();
    return `${value},${Math.cos(i / 5) + 0.1 * random.normal()},${Number(hole)}`;
  };
  const lines = Array.from({ length: 1200 }, (_, i) => line(i)).join('\n');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '001_X_tr_800_1st_900.csv'), `a,b,Label\n${lines}\n`);
}
