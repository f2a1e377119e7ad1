import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/app/log.ts';
import { createProblems } from '../../../src/app/status/problems.ts';
import { learn } from '../../../src/app/streams/learn.ts';
import { LessonRows } from '../../../src/app/streams/lesson-rows.ts';
import { CalibrationError } from '../../../src/core/errors.ts';
import { rowOf, type Series } from '../../../src/core/series.ts';
import type { Source } from '../../../src/core/source.ts';
import { between, type Change, EVENTS, simulated } from '../../detection/simulated-lesson.ts';

const ROWS = 120;

/** Normal rows from `from` on; what comes before is work on the machine. */
function sourceOf(from: number): Source {
  return {
    id: 'array',
    live: false,
    channels: [{ id: 'load', unit: '' }],
    // biome-ignore lint/suspicious/useAwait: the contract is an async iterable
    async *samples() {
      for (let row = from; row < 2 * ROWS; row += 1) {
        const value = row < ROWS ? 1000 * row : Math.sin(row);
        yield { streamId: 'machine', timeMs: row * 1000, values: Float64Array.of(value) };
      }
    },
  };
}

/** A machine that is watched as it happens; `read` counts its rows. */
function liveSource(series: Series): Source & { read: number } {
  const source = {
    id: 'machine',
    live: true,
    channels: series.channels,
    read: 0,
    // biome-ignore lint/suspicious/useAwait: the contract is an async iterable
    async *samples() {
      for (; source.read < series.timeMs.length; ) {
        const row = source.read++;
        const timeMs = series.timeMs[row] ?? 0;
        yield { streamId: 'machine', timeMs, values: rowOf(series, row) };
      }
    },
  };
  return source;
}

interface Asked {
  readonly rows?: number;
  readonly longest?: number;
  readonly quiet?: (timeMs: number) => boolean;
  readonly detector?: { readonly detector: 'pca'; readonly options: Record<string, unknown> };
}

function lessonOf({ rows = ROWS, longest = 4, quiet = () => false, detector }: Asked) {
  const said: string[] = [];
  const trainings: string[] = [];
  const kind = { detector: 'robust-z', options: {}, ...detector };
  const log = createLog({
    level: 'info',
    style: 'json',
    write: (line) => void said.push(JSON.parse(line).msg),
  });
  const problems = createProblems(log);
  const lesson = {
    streamId: 'machine',
    learn: { rows, longest, intervalMs: 1000, seed: 1, counters: {}, ...kind },
    plugins: [],
    rows: new LessonRows({
      ...{ streamId: 'machine', most: rows * longest, keepMs: 0, ring: () => undefined },
      exclusions: () => [],
      clockIsSet: () => true,
    }),
    quiet,
    training: () => {
      trainings.push('begun');
      return () => void trainings.push('ended');
    },
    problems,
    log,
    signal: new AbortController().signal,
  };
  return { lesson, said, problems, trainings };
}

function learnt(source: Source, quiet: (timeMs: number) => boolean) {
  return learn(source, lessonOf({ quiet }).lesson);
}

describe('learning', () => {
  it('leaves out what is measured in a silence or under maintenance', async () => {
    const clean = await learnt(sourceOf(ROWS), () => false);
    const spared = await learnt(sourceOf(0), (timeMs) => timeMs < ROWS * 1000);
    expect(spared.id).toBe(clean.id);
    const spoilt = await learnt(sourceOf(0), () => false);
    expect(spoilt.id).not.toBe(clean.id);
  });

  it('says when it trains, also when the rows do not suffice', async () => {
    const { lesson, trainings } = lessonOf({});
    await learn(sourceOf(ROWS), lesson);
    expect(trainings).toEqual(['begun', 'ended']);
    const failing = lessonOf({ rows: 3 });
    await expect(learn(sourceOf(ROWS), failing.lesson)).rejects.toThrow(CalibrationError);
    expect(failing.trainings).toEqual(['begun', 'ended']);
  });

  it('goes on where its detector needs more rows than were asked for, and says how many (#21)', async () => {
    const { lesson, problems, trainings } = lessonOf({ longest: 1 });
    const source = liveSource(simulated([], { rows: 2000 }));
    const raised: string[] = [];
    const raise = (key: string, message: string): void => {
      raised.push(message);
      problems.raise(key, message);
    };
    // windows of a row need 100
    const kind = { ...lesson, problems: { raise, clear: problems.clear } };
    const short = { ...kind, learn: { ...kind.learn, rows: 90 } };
    const model = await learn(source, short);
    expect(model.card.rows).toBeGreaterThanOrEqual(100);
    expect(source.read).toBeLessThan(240);
    expect(trainings.length).toBeGreaterThan(2);
    expect(raised[0]).toMatch(
      /^stream 'machine' learns on: 90 rows are too few: .* 20 of each are needed/,
    );
    expect(problems.messages()).toEqual([]);
  });

  it('ends with the rows that were asked for when they are calm', async () => {
    const source = liveSource(simulated([], { rows: 2000 }));
    const { lesson, problems, said } = lessonOf({ rows: 400 });
    const model = await learn(source, lesson);
    expect(source.read).toBe(400);
    expect(model.card.rows).toBe(400);
    expect(model.lesson).toBeUndefined();
    expect(problems.messages()).toEqual([]);
    expect(said).toContain('training');
  });

  it('goes on after a busy first half until there are enough calm rows, says so, and leaves out the others (#19)', async () => {
    const series = simulated([between(0, 180, EVENTS.busy)], { rows: 2000 });
    const source = liveSource(series);
    const { lesson, said } = lessonOf({ rows: 400 });
    const model = await learn(source, lesson);
    expect(source.read).toBeGreaterThanOrEqual(560);
    expect(source.read).toBeLessThan(800);
    expect(model.card.rows).toBeGreaterThanOrEqual(380);
    const [busy] = model.lesson?.leftOut ?? [];
    expect(busy?.fromMs).toBe(series.timeMs[0]);
    expect(busy?.toMs).toBeGreaterThanOrEqual(series.timeMs[179] ?? 0);
    expect(model.lesson?.doubt).toBeUndefined();
    expect(said).toContainEqual(
      expect.stringMatching(
        /^stream 'machine' is not calm yet: load.* higher until 2026-01-01T02:0[23]:\d\dZ.*: it learns on until it has 7 min of calm rows, for 27 min at most$/,
      ),
    );
  });

  it('ends after so many times the rows that were asked for, and says that they are doubtful (#19)', async () => {
    const rises: Change = (now, row) => {
      now.memory += row / 10;
    };
    const source = liveSource(simulated([rises], { rows: 2000 }));
    const { lesson, problems } = lessonOf({ rows: 400, longest: 3 });
    const model = await learn(source, lesson);
    expect(source.read).toBe(1200);
    expect(model.card.rows).toBe(1200);
    expect(model.lesson?.doubt).toBe('memory drifting all the time');
    expect(problems.messages()).toEqual([]); // what there is to say of it now is the model's
  });

  it('takes the rows as they come where it may not go on', async () => {
    const source = liveSource(simulated([between(0, 200, EVENTS.busy)], { rows: 2000 }));
    const { lesson, said } = lessonOf({ rows: 400, longest: 1 });
    const model = await learn(source, lesson);
    expect(model.card.rows).toBe(400);
    expect(said.join()).not.toContain('calm');
  });

  it('trains on all rows where the calm ones are too few for its detector, and says so (#19)', async () => {
    const source = liveSource(simulated([between(0, 60, EVENTS.busy)], { rows: 200 }));
    const detector = { detector: 'pca', options: { windowLength: 12 } } as const;
    const model = await learn(source, lessonOf({ rows: 200, detector }).lesson);
    expect(model.card.rows).toBe(200);
    expect(model.lesson).toMatchObject({ leftOut: [], doubt: expect.stringContaining('load') });
  });

  it('trains on what there is when its source ends meanwhile', async () => {
    const source = liveSource(simulated([between(0, 200, EVENTS.busy)], { rows: 450 }));
    const model = await learn(source, lessonOf({ rows: 400 }).lesson);
    expect(model.lesson?.doubt).toMatch(/^load.* higher until/);
  });
});
