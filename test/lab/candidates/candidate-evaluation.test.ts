import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CalibrationError, ConfigError, type KnownError } from '../../../src/core/errors.ts';
import { rowsBetween } from '../../../src/core/series.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { outcomeCache } from '../../../src/lab/candidates/cache.ts';
import {
  type EvaluationContext,
  evaluateCandidate,
} from '../../../src/lab/candidates/candidate-evaluation.ts';
import type { CandidateTask } from '../../../src/lab/candidates/contract.ts';
import { vus } from '../../../src/lab/evaluation/metrics.ts';
import { perform } from '../../../src/lab/judging/judge.ts';
import { labelsOf } from '../../../src/lab/series/segments.ts';
import type { DesignPoint } from '../../../src/models/design-point.ts';
import { ordinarySeries, PLANTED, plantedSeries } from '../../contracts/planted.ts';

const kernels = await loadKernels();
const { signal } = new AbortController();
const context: EvaluationContext = { kernels, signal };
const design: DesignPoint = {
  layers: [{ hidden: 8, heads: [{ op: 'transform', basis: 'dct' }], feedForward: [8] }],
};
const options = { rows: 8, patch: 2, steps: 5, batch: 8, learningRate: 4e-3 };
const segments = [{ start: PLANTED.start, end: PLANTED.end }];
const labelled = {
  id: 'planted',
  train: ordinarySeries(400),
  test: plantedSeries(300, 400_000),
  labels: labelsOf(segments, 300),
  segments,
  intervalMs: 1000,
};
const task: CandidateTask = {
  design,
  options,
  data: { kind: 'labelled', series: labelled },
  seeds: [1, 2],
};
const recording: CandidateTask = {
  ...task,
  data: { kind: 'recording', series: ordinarySeries(2600), intervalMs: 1000 },
  seeds: [1],
};

const folder = mkdtempSync(join(tmpdir(), 'sentigon-candidates-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the evaluation of a candidate', () => {
  it('is what the detector reaches on the labelled rows, once for each seed', async () => {
    const result = await evaluateCandidate(task, context);
    const contestant = { name: 'f', kind: 'forecaster', seeded: true, looksAhead: false };
    const direct = { ...contestant, options: { ...options, point: design } };
    const { scores, model } = await perform(direct, labelled, {
      kernels,
      signal,
      seed: 2,
    });
    expect(result.values).toHaveLength(2);
    expect(result.values[1]).toBe(vus(labelled.labels, scores)?.pr);
    expect(result.outcomes[1]).toMatchObject({ seed: 2, loss: model?.card.finalLosses[0] });
    const weights = Object.entries(model?.tensors ?? {}).filter(
      ([name]) => !/yardsticks$/.test(name),
    );
    expect(result.parameters).toBe(weights.reduce((sum, [, { data }]) => sum + data.length, 0));
    // Patches 4, cells 6; value and output 8 x 8, cosines 4 + 8 for each; feed 2 of 8 x 8; the head on one patch 8 x 3.
    expect(result.macs).toBe(4 * (6 * 8 + 2 * 64 + 8 * (4 + 8) + 2 * 64) + 24);
  });

  it('of a recording without labels counts planted faults and the forecast alike', async () => {
    const result = await evaluateCandidate(recording, context);
    const [outcome] = result.outcomes;
    if (!outcome || !('value' in outcome)) throw new Error('not trained');
    const { value, vusPr, forecastFit = Number.NaN } = outcome;
    expect(value).toBe((vusPr + forecastFit) / 2);
    // The channels follow one wave: the forecast is better than their mean.
    expect(forecastFit).toBeGreaterThan(0.5);
    expect(forecastFit).toBeLessThan(1);
    expect(vusPr).toBeGreaterThan(0.1);
  });

  it('trains nothing that the cache knows, and the same where it does not', async () => {
    const warnings: string[] = [];
    const cache = outcomeCache(join(folder, 'twice'), 'first', (line) => warnings.push(line));
    const first = await evaluateCandidate(task, { ...context, cache });
    // CPU seconds of another training would differ.
    expect(await evaluateCandidate(task, { ...context, cache })).toEqual(first);
    const more = await evaluateCandidate({ ...task, seeds: [2, 3] }, { ...context, cache });
    expect(more.outcomes[0]).toEqual(first.outcomes[1]);
    expect((await evaluateCandidate(task, context)).values).toEqual(first.values);
    expect(warnings).toEqual([]);
  });

  it('is made again by another edition of what makes it', async () => {
    const place = join(folder, 'editions');
    const once = { ...task, seeds: [1] };
    for (const [i, edition] of ['first', 'second', 'first'].entries()) {
      const cache = outcomeCache(place, edition, expect.fail);
      await evaluateCandidate(once, { ...context, cache });
      expect(readdirSync(place)).toHaveLength(Math.min(2, i + 1));
    }
  });

  it('is made again where the cache is broken, with one line that says so', async () => {
    const warnings: string[] = [];
    const place = join(folder, 'broken');
    const cache = outcomeCache(place, 'first', (line) => warnings.push(line));
    const once = { ...task, seeds: [1] };
    const { values } = await evaluateCandidate(once, { ...context, cache });
    const [name = ''] = readdirSync(place);
    const file = join(place, name);
    const whole = readFileSync(file, 'utf8');
    const other = `"value":${Math.random()}`;
    for (const broken of [whole.slice(0, 40), whole.replace(/"value":[\d.e-]+/, other), '{}', '']) {
      writeFileSync(file, broken);
      expect((await evaluateCandidate(once, { ...context, cache })).values).toEqual(values);
      expect(warnings.splice(0)).toEqual([
        expect.stringMatching(/json is not an outcome .*again$/),
      ]);
      await evaluateCandidate(once, { ...context, cache });
      expect(warnings).toEqual([]);
    }
    expect(readdirSync(place)).toEqual([name]);
  });

  it('is not lost where the cache cannot be written', async () => {
    const warnings: string[] = [];
    writeFileSync(join(folder, 'file'), '');
    const cache = outcomeCache(join(folder, 'file'), 'first', (line) => warnings.push(line));
    const once = { ...task, seeds: [1] };
    const { values } = await evaluateCandidate(once, { ...context, cache });
    expect(values).toHaveLength(1);
    expect(warnings.at(-1)).toMatch(/cannot be written \(.*\): this outcome is not cached$/);
  });

  it('has no values where a training diverges, and tries no further seeds', async () => {
    const diverging = { ...task, options: { ...options, learningRate: 1e38 } };
    const { values, outcomes } = await evaluateCandidate(diverging, context);
    expect(values).toEqual([]);
    expect(outcomes).toEqual([{ seed: 1, failure: expect.stringContaining('stopped at step') }]);
  });

  it('ends with the reason of the signal', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const progress = () => controller.abort(reason);
    const aborted = evaluateCandidate(recording, {
      kernels,
      signal: controller.signal,
      progress,
    });
    await expect(aborted).rejects.toBe(reason);
  });

  it('refuses what no network could be judged on, and a design that cannot be', async () => {
    const calm = { ...labelled, labels: new Uint8Array(300) };
    const short = { ...labelled, train: rowsBetween(labelled.train, 0, 50) };
    const brief = { kind: 'recording', series: labelled.train, intervalMs: 1000 } as const;
    const odd = { hidden: 9, heads: Array(2).fill(design.layers[0]?.heads[0]), feedForward: [8] };
    const refused: readonly [Partial<CandidateTask>, typeof KnownError, RegExp][] = [
      [{ data: { kind: 'labelled', series: calm } }, CalibrationError, /0 anomalous rows of 300/],
      [{ data: { kind: 'labelled', series: short } }, CalibrationError, /record longer/],
      [{ data: brief }, CalibrationError, /planting each kind of fault needs 2500/],
      [{ design: { layers: [] } }, ConfigError, /layers/],
      [{ design: { layers: [odd] } }, ConfigError, /2 heads on a width of 9/],
      [{ options: { rows: 8, step: 5 } }, ConfigError, /step/],
    ];
    for (const [changed, type, message] of refused) {
      const evaluation = evaluateCandidate({ ...task, ...changed }, context);
      await expect(evaluation).rejects.toThrow(type);
      await expect(evaluation).rejects.toThrow(message);
    }
  });
});
