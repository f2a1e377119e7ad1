import { beforeAll, describe, expect, it } from 'vitest';
import type { Detector } from '../../../src/core/detector.ts';
import { ShapeError, WeightsError } from '../../../src/core/errors.ts';
import { rowOf } from '../../../src/core/series.ts';
import type { Window } from '../../../src/core/window.ts';
import { SlidingWindow } from '../../../src/detection/windows/sliding-window.ts';
import { detectors } from '../../../src/detectors/index.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import type { Model } from '../../../src/models/model.ts';
import { scoreSeries } from '../training/score-series.ts';
import { toySeries } from '../training/toy-series.ts';

const faults = [
  { channel: 2, from: 200, to: 215 },
  { channel: 3, from: 400, to: 412 },
  { channel: 5, from: 500, to: 510 },
];
const HALF_LIFE = 3;
/** Rows that a score is held, one and a half half-lives. */
const HOLD = 5;
const OPTIONS = {
  lengths: [1, 6],
  shapeLengths: [6],
  linearLength: 4,
  hidden: 24,
  steps: 250,
  batch: 32,
  memoryKb: 20,
  holdHalfLife: HALF_LIFE / 6,
};

function trained(kind: string, options: unknown): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new RangeError(kind);
  return trainer.train(toySeries({ rows: 900, seed: 1 }), trainer.options.parse(options), {
    kernels: plainKernels,
    seed: 5,
    intervalMs: 1000,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

function load(model: Model): Detector {
  const plugin = detectors.get(model.kind);
  if (!plugin) throw new RangeError(model.kind);
  return plugin.load(model, plainKernels);
}

/** A window of the right shape, taken from the toy series' middle. */
function someWindow(
  model: Model,
  length = model.windowLength,
  width = model.channels.length,
): Window {
  const values = Float32Array.from({ length: length * width }, (_, i) => Math.sin(i));
  return {
    streamId: 's',
    endMs: 0,
    length,
    width,
    values,
    latest: new Float64Array(width),
    imputed: 0,
  };
}

/** Probability that a faulty row scores above a sound one. */
function auc(scores: readonly number[], labels: readonly boolean[]): number {
  const faulty = scores.filter((_, i) => labels[i]);
  const sound = scores.filter((_, i) => !labels[i]);
  let above = 0;
  for (const f of faulty) for (const s of sound) above += f > s ? 1 : f === s ? 0.5 : 0;
  return above / (faulty.length * sound.length);
}

describe('default GON', () => {
  let model: Model;
  let detector: Detector;
  const test = toySeries({ rows: 600, seed: 2, fault: faults });
  beforeAll(async () => {
    model = await trained('gon', OPTIONS);
    detector = load(model);
  });

  it('finds planted faults', () => {
    const scores = scoreSeries(detector, model, test);
    const rows = scores.flatMap((score, row) => (score ? [{ row, value: score.value }] : []));
    const faulty = (row: number) => faults.some(({ from, to }) => row >= from && row < to);
    // Rows just after a fault still have it in their window and count neither way.
    const judged = rows.filter(
      ({ row }) => !faults.some(({ to }) => row >= to && row < to + model.windowLength),
    );
    expect(
      auc(
        judged.map(({ value }) => value),
        judged.map(({ row }) => faulty(row)),
      ),
    ).toBeGreaterThan(0.95);
  });

  it('blames the channel that is wrong', () => {
    const scores = scoreSeries(detector, model, test);
    for (const { channel, from, to } of faults) {
      const sums = new Float64Array(model.channels.length);
      for (let row = from; row < to; row += 1) {
        for (const [c, part] of (scores[row]?.perChannel ?? []).entries())
          sums[c] = (sums[c] ?? 0) + part;
      }
      expect(sums.indexOf(Math.max(...sums))).toBe(channel);
    }
  });

  it('expects of a faulty channel something nearer to the truth than what it saw', () => {
    const clean = toySeries({ rows: 600, seed: 2 });
    const scores = scoreSeries(detector, model, test);
    const { offset, scale } = model.scaler;
    for (const { channel, from, to } of faults) {
      let seen = 0;
      let expected = 0;
      for (let row = from; row < to; row += 1) {
        const at = row * model.channels.length + channel;
        const scaled = (value: number | undefined) =>
          ((value ?? 0) - (offset[channel] ?? 0)) / (scale[channel] ?? 1);
        const truth = scaled(clean.values[at]);
        seen += Math.abs(scaled(test.values[at]) - truth);
        expected += Math.abs((scores[row]?.expected?.[channel] ?? 0) - truth);
      }
      expect(expected).toBeLessThan(seen);
    }
  });

  it('splits its score among the channels without a rest, and is never negative', () => {
    for (const score of scoreSeries(detector, model, test)) {
      if (!score) continue;
      const sum = score.perChannel.reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(score.value, 4);
      expect(Math.min(score.value, ...score.perChannel)).toBeGreaterThanOrEqual(0);
    }
  });

  it('scores a window the same whatever it scored before', () => {
    const window = someWindow(model);
    const fresh = load(model).score(window);
    scoreSeries(detector, model, test);
    expect(detector.score(window)).toEqual(fresh);
    expect(detector.score(window)).toEqual(fresh);
  });

  it('says of each window of a stream what a fresh detector says of it', () => {
    const streamed = scoreSeries(detector, model, test);
    const windower = new SlidingWindow({
      streamId: 's',
      length: model.windowLength,
      least: detector.leastLength,
      intervalMs: model.intervalMs,
      scaler: model.scaler,
    });
    for (const [row, timeMs] of test.timeMs.entries()) {
      const [window] = windower.push({ streamId: 's', timeMs, values: rowOf(test, row) });
      if (window && row % 60 === 17) expect(load(model).score(window)).toEqual(streamed[row]);
    }
  });

  it('scores with its short members alone until the long ones have their rows', () => {
    const early = load({ ...model, design: { ...model.design, leastRows: 1 } });
    const full = load(model);
    const window = someWindow(model);
    for (const length of [1, 5, 6, model.windowLength]) {
      const values = window.values.slice(-length * window.width);
      const score = early.score({ ...window, length, values });
      expect(Number.isFinite(score.value)).toBe(true);
      expect(score.perChannel.reduce((a, b) => a + b, 0)).toBeCloseTo(score.value, 4);
      if (length < 6) expect(() => full.score({ ...window, length, values })).toThrow(ShapeError);
      else expect(full.score({ ...window, length, values }).value).toBeGreaterThan(0);
    }
    expect(early.leastLength).toBe(1);
  });

  it('holds a high score for as many rows as its design says, and no longer', () => {
    const { from } = faults[0] as { from: number };
    const spike = toySeries({ rows: 400, seed: 2, fault: [{ channel: 2, from, to: from + 1 }] });
    const spiked = scoreSeries(detector, model, spike);
    const calm = scoreSeries(detector, model, toySeries({ rows: 400, seed: 2 }));
    const rise = (row: number) => (spiked[row]?.value ?? 0) - (calm[row]?.value ?? 0);
    expect(rise(from - 1)).toBe(0);
    for (let age = 1; age < HOLD; age += 1) {
      expect(rise(from + age)).toBeGreaterThan((0.5 ** (age / HALF_LIFE) * rise(from)) / 2.5);
      const blamed = spiked[from + age]?.perChannel ?? new Float32Array();
      expect(blamed.indexOf(Math.max(...blamed))).toBe(2);
    }
    // The longest member sees the spike for as long as its window, and its score is held from then on.
    expect(rise(from + 6 + HOLD)).toBe(0);
  });

  it('names both shapes and the remedy when a window does not fit', () => {
    expect(() => detector.score(someWindow(model, 4))).toThrow(ShapeError);
    expect(() => detector.score(someWindow(model, 4))).toThrow(
      'window is 4×6, the model needs 10×6: set windows.length to 10',
    );
    expect(() => detector.score(someWindow(model, 10, 5))).toThrow(
      'window is 10×5, the model needs 10×6: watch the channels it was trained on (a, b, c, d, e, f) or train it again',
    );
  });

  it('refuses a model whose design or tensors are wrong', () => {
    const { 'm1.w2': _, ...tensors } = model.tensors;
    expect(() => load({ ...model, tensors })).toThrow('lacks the tensor m1.w2');
    expect(() => load({ ...model, design: { ...model.design, members: [] } })).toThrow(
      WeightsError,
    );
    expect(() => load({ ...model, windowLength: 11 })).toThrow('its design needs 10');
    expect(() => load({ ...model, design: { ...model.design, slope: 'x' } })).toThrow(
      /design slope/,
    );
  });
});

describe('official GON', () => {
  it('scores by the newest row alone', async () => {
    const model = await trained('gon-official', { epochs: 1 });
    const detector = load(model);
    const window = someWindow(model);
    const score = detector.score(window);
    const newest = window.values.subarray(-window.width);
    const moved = [...newest].map((x, c) => ((score.expected?.[c] ?? 0) - x) ** 2 / window.width);
    expect(score.value).toBeCloseTo(
      moved.reduce((a, b) => a + b, 0),
      5,
    );
    expect([...score.perChannel]).toEqual([...Float32Array.from(moved)]);
    expect(() => detector.score(someWindow(model, 14))).toThrow(ShapeError);
    expect(() => load({ ...model, design: {} })).toThrow(WeightsError);
  });
});
