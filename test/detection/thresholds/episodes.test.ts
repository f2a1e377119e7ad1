import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import { teach } from '../../../src/core/threshold.ts';
import type { StoredThreshold } from '../../../src/detection/threshold-plugin.ts';
import { episodes } from '../../../src/detection/thresholds/episodes.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { openingsWith } from '../../../src/lab/judging/hindsight.ts';
import { THRESHOLD_CONTEXT } from '../../threshold-context.ts';

const FIVE_MINUTES = 300_000;
const ROWS_A_DAY = 288;

function create(context: Partial<typeof THRESHOLD_CONTEXT> = {}): StoredThreshold {
  const options = episodes.options.parse({});
  return episodes.create(options, { ...THRESHOLD_CONTEXT, intervalMs: FIVE_MINUTES, ...context });
}

/** Scores that hang together over some rows, as those of overlapping windows do. */
function scoresOf(seed: number, count: number, offset = 0): Float64Array {
  const random = createRandom(seed);
  let state = 0;
  return Float64Array.from({ length: count }, () => {
    state = 0.7 * state + random.normal();
    return Math.abs(state) + offset;
  });
}

/** Rows in which the default policy opens an alert. */
function openings(
  threshold: StoredThreshold,
  scores: Float64Array,
  intervalMs = FIVE_MINUTES,
): readonly number[] {
  const times = scores.map((_, row) => row * intervalMs);
  return openingsWith(threshold, scores, times);
}

function levelOf(threshold: StoredThreshold): number {
  return threshold.judge(0).level;
}

describe('the threshold on episodes', () => {
  it.each([0.25, 1, 4])(
    'opens about %d alerts a day where nothing happens, and no more',
    (asked) => {
      const DAYS = 40;
      const rates = Array.from({ length: 5 }, (_, seed) => {
        const threshold = create({ falseAlarmsPerDay: asked });
        threshold.fit(scoresOf(2 * seed + 1, 6 * ROWS_A_DAY));
        return openings(threshold, scoresOf(2 * seed + 2, DAYS * ROWS_A_DAY)).length / DAYS;
      });
      const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
      expect(mean / asked).toBeGreaterThan(0.5);
      expect(mean / asked).toBeLessThan(1.1);
    },
  );

  it('takes a new height of all scores for normal after some hours, with one alert', () => {
    const threshold = create();
    threshold.fit(scoresOf(1, 6 * ROWS_A_DAY));
    const shifted = scoresOf(2, 3 * ROWS_A_DAY, 20);
    const opened = openings(threshold, shifted);
    expect(opened[0]).toBeLessThan(5);
    expect(opened.length).toBeLessThan(9); // one, and those of three days
    expect(threshold.judge(22).anomalous).toBe(false);
    expect(threshold.judge(40).anomalous).toBe(true);
  });

  it('does not fall without end while it learns from what stays below it', () => {
    const threshold = create();
    threshold.fit(scoresOf(3, 6 * ROWS_A_DAY));
    const before = levelOf(threshold);
    openings(threshold, scoresOf(4, 60 * ROWS_A_DAY));
    expect(levelOf(threshold) / before).toBeGreaterThan(0.7);
    expect(levelOf(threshold) / before).toBeLessThan(1.4);
  });

  it('follows a stream that has become calmer within some days', () => {
    const threshold = create();
    threshold.fit(scoresOf(5, 6 * ROWS_A_DAY).map((score) => 3 * score));
    const before = levelOf(threshold);
    openings(threshold, scoresOf(6, 20 * ROWS_A_DAY));
    expect(levelOf(threshold)).toBeLessThan(0.6 * before);
  });

  it('is above all that was seen until one false alarm is due, the more the less was seen', () => {
    const marginAfter = (rows: number): number => {
      const threshold = create({ intervalMs: 1000 });
      const scores = scoresOf(7, rows);
      threshold.fit(scores);
      const prior = scores.slice().sort()[Math.floor(rows / 2)] as number;
      const heights = Array.from(scores, (_, row) => {
        const newest = scores.slice(Math.max(0, row - 4), row + 1);
        return (newest.sort((a, b) => b - a)[2] ?? 0) - prior;
      });
      return levelOf(threshold) / Math.max(...heights);
    };
    expect(marginAfter(100)).toBeCloseTo(4.42, 1);
    expect(marginAfter(400)).toBeCloseTo(1.76, 1);
    expect(marginAfter(3000)).toBeCloseTo(1, 1);
  });

  it('reports what recurs each hour a few times, and stops before the first day is over', () => {
    const threshold = create({ intervalMs: 1000 });
    threshold.fit(scoresOf(8, 600));
    const height = 2 * levelOf(threshold);
    const scores = scoresOf(9, 20 * 3600).map((score, row) => (row % 1800 < 20 ? height : score));
    const opened = openings(threshold, scores, 1000);
    expect(opened.length).toBeGreaterThan(5);
    expect(opened.length).toBeLessThan(25);
    expect(opened.at(-1)).toBeLessThan(14 * 3600);
  });

  it('expects more false alarms than asked until it has seen enough, and says so', () => {
    const threshold = create({ intervalMs: 1000 });
    threshold.fit(scoresOf(12, 500));
    const early = threshold.promise?.();
    expect(early?.asked).toBe(1);
    expect(early?.falseAlarmsPerDay).toBeGreaterThan(5);
    for (const score of scoresOf(13, 2 * 86_400)) teach(threshold, score, threshold.judge(score));
    expect(threshold.promise?.()).toMatchObject({ falseAlarmsPerDay: 1, asked: 1 });
  });

  it('neither counts nor learns what is measured in a quiet time', () => {
    const threshold = create();
    threshold.fit(scoresOf(10, 6 * ROWS_A_DAY));
    const before = JSON.stringify(threshold.state());
    for (const score of scoresOf(11, ROWS_A_DAY, 50)) threshold.reject(score, 'quiet');
    const { recent: _recent, episode: _episode, ...after } = threshold.state();
    expect(JSON.parse(before)).toMatchObject(JSON.parse(JSON.stringify(after)));
  });

  it.each([false, true])(
    'measures a fault by the greatest normal height, not by earlier faults (#19), logarithmic %s',
    (logarithmic) => {
      const threshold = create({ logarithmic });
      threshold.fit(scoresOf(17, 6 * ROWS_A_DAY));
      const fault = (height: number): number | undefined => {
        const { usual = 0 } = threshold.judge(0);
        const verdicts = Array.from({ length: 9 }, () => {
          const verdict = threshold.judge(usual + height);
          teach(threshold, usual + height, verdict);
          return verdict;
        });
        for (const score of scoresOf(18, 300)) teach(threshold, score, threshold.judge(score));
        return verdicts.at(-1)?.beyondSeen;
      };
      const level = levelOf(threshold);
      const first = fault(4 * level) ?? 0;
      expect(first).toBeGreaterThan(2);
      for (const factor of [1, 2, 1]) {
        const later = (fault(4 * factor * level) ?? 0) / first;
        expect(later).toBeGreaterThan(0.8 * factor);
        expect(later).toBeLessThan(1.2 * factor);
      }
    },
  );

  it('takes one row alone for nothing that could open an alert (#19)', () => {
    const threshold = create();
    threshold.fit(scoresOf(19, 6 * ROWS_A_DAY));
    for (const score of scoresOf(20, 10)) teach(threshold, score, threshold.judge(score));
    expect(threshold.judge(100 * levelOf(threshold)).beyondSeen).toBeLessThan(1);
  });

  it('keeps the same few numbers however long it runs', () => {
    const threshold = create({ intervalMs: 1000 });
    threshold.fit(scoresOf(12, 1000));
    const size = (): number => JSON.stringify(threshold.state()).length;
    openings(threshold, scoresOf(13, 100_000));
    expect(size()).toBeLessThan(40_000);
  });

  it('is fitted to calibrations of any length, and to scores without end', () => {
    const threshold = create({ intervalMs: 1000 });
    threshold.fit(scoresOf(14, 200_000)); // more than arguments of a function may be
    const before = levelOf(threshold);
    for (let row = 0; row < 400; row++)
      teach(threshold, Number.POSITIVE_INFINITY, threshold.judge(1));
    expect(threshold.judge(Number.POSITIVE_INFINITY).anomalous).toBe(true);
    const restored = create({ intervalMs: 1000 });
    restored.restore(JSON.parse(JSON.stringify(threshold.state())));
    expect(restored.judge(3)).toEqual(threshold.judge(3));
    expect(before).toBeGreaterThan(0);
  });

  it('counts a load that does not end, so that the level stays where such loads are', () => {
    const threshold = create({ falseAlarmsPerDay: 24 });
    threshold.fit(scoresOf(15, ROWS_A_DAY));
    const before = levelOf(threshold);
    const endless = Float64Array.from({ length: 6 * ROWS_A_DAY }, (_, row) =>
      row % 9 < 3 ? 4 : 0.5,
    );
    openings(threshold, endless);
    expect(levelOf(threshold)).toBeGreaterThan(before / 2);
  });

  it('takes no state whose heights were measured by another rule', () => {
    const threshold = create();
    threshold.fit(scoresOf(16, 500));
    const other = create({ openCount: 1, openWithin: 1 });
    expect(() => other.restore(threshold.state())).toThrow(CalibrationError);
  });
});
