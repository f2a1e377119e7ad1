import { beforeAll, describe, expect, it } from 'vitest';
import type { Detector } from '../../../src/core/detector.ts';
import { WeightsError } from '../../../src/core/errors.ts';
import type { Series } from '../../../src/core/series.ts';
import { gonDesign } from '../../../src/detectors/gon/design.ts';
import { gon as plugin } from '../../../src/detectors/gon/gon.ts';
import { gon as trainer } from '../../../src/detectors/gon/train.ts';
import { scoringDesign } from '../../../src/detectors/scoring/design.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import type { Model } from '../../../src/models/model.ts';
import { decodeModel } from '../../../src/models/model-file.ts';
import { golden } from '../../golden/read.ts';
import { scoreSeries } from '../training/score-series.ts';
import { toySeries } from '../training/toy-series.ts';

const OPTIONS = { lengths: [1, 4], shapeLengths: [8], linearLength: 3, hidden: 8, steps: 60 };

function train(series: Series, options: object = {}): Promise<Model> {
  return trainer.train(series, trainer.options.parse({ ...OPTIONS, ...options }), {
    kernels: plainKernels,
    seed: 1,
    intervalMs: 1000,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

/** The score of the row in which so many of the first channels are `by` off, in channel units. */
function scoreOf(model: Model, detector: Detector, channels: number, by: number) {
  const row = 100;
  const series = toySeries({ rows: row + 1, seed: 2 });
  const width = series.channels.length;
  for (let c = 0; c < channels; c += 1) series.values[row * width + c] = by;
  const score = scoreSeries(detector, model, series)[row];
  if (!score) throw new Error('the row has no score');
  return score;
}

function firstChannel({ channels, values, ...rest }: Series): Series {
  const width = channels.length;
  const own = values.filter((_, i) => i % width === 0);
  return { ...rest, channels: channels.slice(0, 1), values: own };
}

describe('magnitudes in the score of a GON (#19)', () => {
  let model: Model;
  let detector: Detector;
  beforeAll(async () => {
    model = await train(toySeries({ rows: 400, seed: 1 }));
    detector = plugin.load(model, plainKernels);
  });

  it('tell a channel a thousand deviations off from one that is fifty off', () => {
    const fifty = scoreOf(model, detector, 1, 50);
    const thousand = scoreOf(model, detector, 1, 1000);
    expect(thousand.value).toBeGreaterThan(fifty.value + 0.2);
    expect(thousand.perChannel.indexOf(Math.max(...thousand.perChannel))).toBe(0);
  });

  it('are among the shares of the channels', () => {
    const { value, perChannel } = scoreOf(model, detector, 2, 300);
    expect(perChannel.reduce((a, b) => a + b, 0)).toBeCloseTo(value, 4);
    expect(Math.min(...perChannel)).toBeGreaterThanOrEqual(0);
  });

  it('leave what was expected of the row to paths whose values end', () => {
    const calm = scoreOf(model, detector, 0, 0).expected ?? [];
    const off = scoreOf(model, detector, 1, 1000).expected ?? [];
    for (const [c, value] of off.entries()) {
      expect(Math.abs(value - (calm[c] ?? 0))).toBeLessThan(model.scaler.clip / 1000);
    }
  });

  it('say nothing of rows within what the held-back rows reached', async () => {
    const plain = await train(toySeries({ rows: 400, seed: 1 }), { magnitudeWeight: 0 });
    const without = plugin.load(plain, plainKernels);
    const calm = toySeries({ rows: 60, seed: 1 });
    const equalised = scoreSeries(without, plain, calm);
    // Without a part of its own, a row's score is the rest's share of what it would be without magnitudes.
    for (const [row, score] of scoreSeries(detector, model, calm).entries()) {
      const alone = equalised[row]?.value;
      if (!score || alone === undefined) continue;
      expect(score.value).toBeCloseTo(0.9 * alone, 4);
    }
  });

  it('refuse a model that does not say how far they reach', () => {
    const design = { ...model.design, reaches: {} };
    expect(() => plugin.load({ ...model, design }, plainKernels)).toThrow(WeightsError);
    expect(() => plugin.load({ ...model, design }, plainKernels)).toThrow(
      "the model has 0 scales of 'm4.rec', needs 1: train it again",
    );
  });

  it('have no place beside a single channel, whose distance is its magnitude', async () => {
    const single = await train(firstChannel(toySeries({ rows: 400, seed: 1 })));
    expect(gonDesign.parse(single.design)).toMatchObject({ weighting: 'length' });
    expect(gonDesign.parse(single.design)).not.toHaveProperty('rowSpan');
    expect(scoringDesign.parse(single.design).reaches).toEqual({});
  });
});

describe('the score of a single channel (#19)', () => {
  let model: Model;
  let detector: Detector;
  const LENGTHS = { lengths: [1, 4], shapeLengths: [8, 40], holdHalfLife: 0.1 };
  beforeAll(async () => {
    model = await train(firstChannel(toySeries({ rows: 900, seed: 1 })), LENGTHS);
    detector = plugin.load(model, plainKernels);
  });

  it('is half a mean over the newest rows, so that what lasts outranks what is over', () => {
    expect(scoringDesign.parse(model.design).meanRows).toBe(10);
    const calm = firstChannel(toySeries({ rows: 200, seed: 2 }));
    const highest = (rows: number) => {
      const series = { ...calm, values: calm.values.map((x, t) => (t >= 200 - rows ? 2.5 : x)) };
      return scoreSeries(detector, model, series)[199]?.value ?? 0;
    };
    expect(highest(10)).toBeGreaterThan(1.3 * highest(1));
  });

  it('is the same of a window of a stream and of that window alone', () => {
    const streamed = scoreSeries(detector, model, firstChannel(toySeries({ rows: 300, seed: 3 })));
    const { length } = streamed.filter((score) => score !== undefined);
    expect(length).toBeGreaterThan(200);
    const fresh = plugin.load(model, plainKernels);
    const tail = firstChannel(toySeries({ rows: 300, seed: 3 }));
    const start = 300 - model.windowLength;
    const alone = { ...tail, timeMs: tail.timeMs.slice(start), values: tail.values.slice(start) };
    expect(scoreSeries(fresh, model, alone).at(-1)?.value).toBeCloseTo(
      streamed.at(-1)?.value ?? Number.NaN,
      5,
    );
  });
});

describe('members of a GON that take no step (#19)', () => {
  it('have no discriminator, which costs neither training nor room', async () => {
    const series = toySeries({ rows: 400, seed: 1 });
    const { tensors, card } = await train(series);
    expect(Object.keys(tensors).filter((name) => name.endsWith('.w1'))).toEqual(['m1.w1', 'm4.w1']);
    expect(card.finalLosses).toHaveLength(2);
    const stepping = await train(series, { memSteps: 1 });
    expect(stepping.tensors).toHaveProperty('shape8.w1');
    expect(stepping.card.finalLosses).toHaveLength(3);
    const still = await train(series, { recSteps: 0 });
    expect(still.card.finalLosses).toEqual([]);
    expect(gonDesign.parse(still.design).members.map(({ length }) => length)).toEqual([4, 8]);
    expect(gonDesign.parse(still.design).rowSpan?.magnitude).toBe(0.1);
  });
});

describe('a model of an earlier release (#19)', () => {
  it('has the scores it had', async () => {
    const earlier = golden<{ model: string; scores: (number | null)[]; tolerance: number }>(
      'gon-earlier.json',
    );
    const model = await decodeModel(Buffer.from(earlier.model, 'base64'), 'gon-earlier');
    const test = toySeries({ rows: 60, seed: 2, fault: [{ channel: 2, from: 40, to: 45 }] });
    const found = scoreSeries(plugin.load(model, plainKernels), model, test);
    expect(found).toHaveLength(earlier.scores.length);
    for (const [row, wanted] of earlier.scores.entries()) {
      expect(Math.abs((found[row]?.value ?? 0) - (wanted ?? 0))).toBeLessThan(earlier.tolerance);
    }
  });
});
