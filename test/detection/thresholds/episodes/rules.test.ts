import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../../src/core/errors.ts';
import { teach } from '../../../../src/core/threshold.ts';
import type { StoredThreshold } from '../../../../src/detection/threshold-plugin.ts';
import {
  EPISODE_RULES,
  type EpisodeRules,
} from '../../../../src/detection/thresholds/episodes/rules.ts';
import { episodes, episodesWith } from '../../../../src/detection/thresholds/episodes.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import { THRESHOLD_CONTEXT } from '../../../threshold-context.ts';

const NEVER = Number.POSITIVE_INFINITY;
const ROWS_A_DAY = 288;
const LESSON = 6 * ROWS_A_DAY;
const CONTEXT = { ...THRESHOLD_CONTEXT, intervalMs: 300_000 };

function scoresOf(seed: number, count: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => 5 + Math.abs(random.normal()));
}

function fitted(rules: Partial<EpisodeRules>, rows = LESSON, context = CONTEXT): StoredThreshold {
  const threshold = episodesWith(rules).create(episodes.options.parse({}), context);
  threshold.fit(scoresOf(1, rows));
  return threshold;
}

function pass(threshold: StoredThreshold, scores: Iterable<number>): StoredThreshold {
  for (const score of scores) teach(threshold, score, threshold.judge(score));
  return threshold;
}

const levelOf = (threshold: StoredThreshold): number => threshold.judge(0).level;
const usualOf = (threshold: StoredThreshold): number | undefined => threshold.judge(0).usual;
const run = (height: number, rows: number): Float64Array => new Float64Array(rows).fill(height);

/** Beside the level of the rules in force after the same scores. */
function levelBeside(rules: Partial<EpisodeRules>, scores: readonly Float64Array[], rows = LESSON) {
  const level = (changed: Partial<EpisodeRules>): number => {
    const threshold = fitted(changed, rows);
    for (const part of scores) pass(threshold, part);
    return levelOf(threshold);
  };
  return level(rules) / level({});
}

describe('the rules of the threshold on episodes', () => {
  it('are those in force unless others are given', () => {
    expect(pass(fitted(EPISODE_RULES), scoresOf(2, LESSON)).state()).toEqual(
      pass(fitted({}), scoresOf(2, LESSON)).state(),
    );
  });

  it('judge scores as they are without a baseline', () => {
    const bare = fitted({ baseline: undefined });
    expect(usualOf(bare)).toBe(0);
    expect(levelOf(bare)).toBeGreaterThan(6);
    expect(usualOf(pass(bare, run(9, 100)))).toBe(0);
  });

  it('keep a baseline where it was, or let it fall', () => {
    const { baseline } = EPISODE_RULES;
    const fixed = fitted({ baseline: { ...baseline, slotMs: NEVER } });
    const before = usualOf(fixed);
    expect(before).toBeGreaterThan(5);
    expect(usualOf(pass(fixed, run(9, 100)))).toBe(before);
    expect(usualOf(pass(fitted({}), run(9, 100)))).toBe(9);
    const free = fitted({ baseline: { ...baseline, floored: false } });
    expect(usualOf(pass(free, run(2, 100)))).toBe(2);
  });

  it('have a margin for short lessons, or none', () => {
    const { power } = EPISODE_RULES.firstMargin;
    const without = levelBeside({ firstMargin: { full: 0, power } }, [], 100);
    expect(without).toBeCloseTo(1 / 9.3 ** power, 12);
    expect(levelBeside({ firstMargin: { full: 0, power } }, [], 1000)).toBe(1);
  });

  it('raise the first level with an alert an hour, or leave it', () => {
    expect(levelBeside({ raise: 1 }, [run(5, 20), run(100, 9), run(5, 20)], 100)).toBeCloseTo(0.8);
  });

  it('spend more of the budget for a lower level', () => {
    expect(levelBeside({ spent: 1 }, [scoresOf(2, 14 * ROWS_A_DAY)])).toBeLessThan(1);
  });

  it('record alerts clipped, whole, or not at all', () => {
    const alerts = Array.from({ length: 9 }, () => [run(100, 9), run(5, 20)]).flat();
    expect(levelBeside({ mostAbove: NEVER }, alerts)).toBeGreaterThan(2);
    expect(levelBeside({ alertsCount: false }, alerts)).toBeLessThan(1);
  });

  it('count the past half after some days, or whole for ever', () => {
    const calmer = scoresOf(2, 30 * ROWS_A_DAY).map((score) => 5 + (score - 5) / 2);
    expect(levelBeside({ halvedAfter: { due: NEVER, days: NEVER } }, [calmer])).toBeGreaterThan(1);
  });

  it('tell episodes apart by length and distance', () => {
    const load = [run(8, 2000)];
    expect(levelBeside({ longest: NEVER, baseline: undefined }, load)).toBeLessThan(
      levelBeside({ longest: 100, baseline: undefined }, load),
    );
  });

  it('take no state of a baseline with other slots', () => {
    const shorter = fitted({ baseline: { ...EPISODE_RULES.baseline, slots: 30 } });
    expect(() => fitted({}).restore(shorter.state())).toThrow(CalibrationError);
    expect(() => fitted({ baseline: undefined }).restore(shorter.state())).toThrow(
      CalibrationError,
    );
  });
});
