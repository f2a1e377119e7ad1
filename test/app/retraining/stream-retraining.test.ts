import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/app/config/schema.ts';
import { createLog } from '../../../src/app/log.ts';
import { openArchive } from '../../../src/app/models/model-archive.ts';
import { writeModel } from '../../../src/app/models/model-folder.ts';
import { createRetrainingRegistry } from '../../../src/app/retraining/retraining-registry.ts';
import { createStreamRetraining } from '../../../src/app/retraining/stream-retraining.ts';
import { createProblems } from '../../../src/app/status/problems.ts';
import { CalibrationError } from '../../../src/core/errors.ts';
import { rowOf, type Series } from '../../../src/core/series.ts';
import { openRowRing } from '../../../src/io/rows/row-ring.ts';
import type { Model } from '../../../src/models/model.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { CHANNELS, machineModel, recorded, START_MS } from '../recording.ts';

const HOUR_MS = 3_600_000;

interface Settings {
  readonly rows?: number;
  readonly retrain?: object;
  readonly check?: (model: Model) => void;
  /** What was watched; default: a machine that is always the same. */
  readonly series?: Series;
  readonly threshold?: object;
}

/** A stream that has seen so many rows and stands still. */
async function retraining({
  rows: count = 800,
  retrain = {},
  check = () => undefined,
  series = recorded({ rows: count, seed: 4 }),
  threshold = { kind: 'pot' }, // the default asks for more rows than these recordings have
}: Settings) {
  const folder = tempFolder();
  const written = {
    id: 'machine',
    source: { kind: 'host' },
    learn: { rows: 200, detector: 'pca' },
    threshold,
    retrain,
  };
  const [config] = configSchema.parse({ streams: [written] }).streams;
  if (!config) throw new Error('no stream');
  const rows = openRowRing({
    ...{ folder, channels: CHANNELS, keepMs: 24 * HOUR_MS, bytesPerDay: 1e9 },
    onFault: (error) => {
      throw error;
    },
  });
  for (const [row, timeMs] of series.timeMs.entries()) rows.add(timeMs, rowOf(series, row));
  const machine = await machineModel();
  const first = { ...machine, card: { ...machine.card, rows: 200 } }; // as after a lesson of this stream
  const livePath = join(folder, 'live.safetensors');
  await writeModel(livePath, first);
  const most = config.retrain.keepModels;
  const setup = { folder: join(folder, 'models'), livePath, most, forget: () => undefined };
  const archive = await openArchive(setup, first, new Date(START_MS).toISOString());
  const situation = {
    ...{ nowMs: START_MS, drifted: false, model: first },
    acceptedSinceMs: undefined as number | undefined,
  };
  const said: { level: number; msg: string }[] = [];
  const { takeTurn } = createRetrainingRegistry();
  const log = createLog({
    level: 'info',
    style: 'json',
    write: (line) => void said.push(JSON.parse(line)),
  });
  const problems = createProblems(log);
  const made = createStreamRetraining({
    ...{ streamId: 'machine', config, rows, archive, check, takeTurn },
    plugins: [],
    exclusions: () => [],
    live: () => ({ model: situation.model }),
    falseAlarmsPerDay: () => 1,
    drifted: () => situation.drifted,
    acceptedSinceMs: () => situation.acceptedSinceMs,
    replace: (model) => {
      situation.model = model;
    },
    ...{ problems, log },
    now: () => situation.nowMs,
    signal: new AbortController().signal,
  });
  return { retraining: made, situation, said, first, archive, takeTurn, rows, problems };
}

describe('the retraining of a stream', () => {
  it('trains by the clock, and no more often', async () => {
    const { retraining: one, situation, first } = await retraining({ retrain: { everyHours: 12 } });
    situation.nowMs += 11 * HOUR_MS;
    await one.look();
    expect(situation.model.id).toBe(first.id);
    situation.nowMs += HOUR_MS;
    await one.look();
    expect(one.models().models).toMatchObject([
      { id: first.id, standing: 'previous' },
      {
        id: situation.model.id,
        standing: 'live',
        why: 'schedule',
        trainedAt: '2026-01-01T12:00:00.000Z',
      },
    ]);
    await one.look();
    expect(one.models().models).toHaveLength(2);
  });

  it('trains on a wider normal by itself, without what its lesson has left out, and not again at once (#19)', async () => {
    const made = await retraining({ rows: 3200 });
    const { retraining: one, situation, first } = made;
    const leftOut = [{ fromMs: START_MS, toMs: START_MS + 299_000 }];
    situation.model = { ...first, lesson: { leftOut, doubt: 'load drifting all the time' } };
    await one.look();
    await one.look();
    expect(one.models().models).toHaveLength(2);
    expect(one.models().models.at(-1)).toMatchObject({
      why: 'wider',
      standing: 'live',
      rows: 2320,
      spanMs: 3_199_000,
    });
    expect(situation.model.lesson).toEqual({ leftOut });
    const narrow = await retraining({ rows: 700 });
    await narrow.retraining.look();
    const off = await retraining({ rows: 1200, retrain: { firstDays: false } });
    await off.retraining.look();
    for (const other of [narrow, off]) expect(other.retraining.models().models).toHaveLength(1);
  });

  it('takes no rows of its lesson alone for a wider normal, and keeps its doubt (#19)', async () => {
    const { retraining: one, situation, first } = await retraining({ rows: 800 });
    const lesson = { leftOut: [], spanMs: 799_000, doubt: 'load drifting all the time' };
    situation.model = { ...first, lesson };
    await one.look();
    expect(one.models().models).toHaveLength(1);
    await one.retrain('asked');
    expect(situation.model.lesson?.doubt).toBe('load drifting all the time');
  });

  it('does not try a wider normal again that was rejected, where only one model is kept (#19)', async () => {
    const made = await retraining({
      rows: 1200,
      retrain: { keepModels: 1 },
      check: () => {
        throw new CalibrationError('too few peaks');
      },
    });
    await made.retraining.look();
    await made.retraining.look();
    expect(made.said.filter(({ msg }) => msg === 'trained again')).toHaveLength(1);
  });

  it('trains after a drift only where that is asked for', async () => {
    const patient = await retraining({});
    patient.situation.drifted = true;
    patient.situation.nowMs += 1000 * HOUR_MS;
    await patient.retraining.look();
    expect(patient.retraining.models().models).toHaveLength(1);
    const eager = await retraining({ retrain: { afterDrift: true } });
    eager.situation.drifted = true;
    eager.situation.nowMs += 6 * HOUR_MS;
    await eager.retraining.look();
    expect(eager.retraining.models().models.at(-1)).toMatchObject({ why: 'drift' });
  });

  it('has a problem while it cannot train when it is due, tries each hour, and then has none (#18)', async () => {
    const made = await retraining({ rows: 50, retrain: { everyHours: 1 } });
    const { retraining: one, situation, problems, said, rows } = made;
    situation.nowMs += HOUR_MS;
    await one.look();
    await one.look();
    const message =
      "stream 'machine' should be trained again and cannot: stream 'machine' has 50 rows to learn from, of 50 kept, and needs 200: wait, or mark false alerts as normal";
    expect(problems.messages()).toEqual([message]);
    expect(said.map(({ msg }) => msg)).toEqual([message]);
    const more = recorded({ rows: 800, seed: 4 });
    for (const [row, timeMs] of more.timeMs.entries()) rows.add(timeMs + HOUR_MS, rowOf(more, row));
    await one.look();
    expect(problems.messages()).toEqual([message]);
    situation.nowMs += HOUR_MS;
    await one.look();
    expect(problems.messages()).toEqual([]);
    expect(one.models().models).toHaveLength(2);
  });

  it('has no problem any more when it is not due any more', async () => {
    const made = await retraining({ rows: 50, retrain: { afterDrift: true } });
    const { retraining: one, situation, problems } = made;
    situation.drifted = true;
    situation.nowMs += 6 * HOUR_MS;
    await one.look();
    expect(problems.messages()).toHaveLength(1);
    situation.drifted = false;
    await one.look();
    expect(problems.messages()).toEqual([]);
  });

  it('waits for its turn without losing an hour', async () => {
    const {
      retraining: one,
      situation,
      takeTurn,
    } = await retraining({ retrain: { everyHours: 1 } });
    situation.nowMs += HOUR_MS;
    const giveBack = takeTurn();
    await one.look();
    expect(one.models().models).toHaveLength(1);
    giveBack?.();
    await one.look();
    expect(one.models().models).toHaveLength(2);
  });

  it('keeps a model beside that the stream could not run with', async () => {
    const {
      retraining: one,
      situation,
      first,
    } = await retraining({
      check: () => {
        throw new CalibrationError('too few peaks');
      },
    });
    expect(await one.retrain('asked')).toMatchObject({
      standing: 'rejected',
      reason: 'too few peaks',
    });
    expect(situation.model.id).toBe(first.id);
    await expect(one.rollback(one.models().models.at(-1)?.id)).rejects.toThrow('too few peaks');
    expect(one.models().models[0]).toMatchObject({ id: first.id, standing: 'live' });
  });

  it('goes live after a new level was called normal, which the live model takes for anomalies (#21)', async () => {
    const series = recorded({ rows: 2400, seed: 4, faults: [[800, 2400]] });
    const { retraining: one, situation, first } = await retraining({ series });
    const record = await one.retrain('asked');
    expect(record).toMatchObject({ standing: 'live', trial: { candidate: { falseAlarms: 0 } } });
    expect(record.trial?.live.falseAlarms).toBeGreaterThan(0);
    expect(situation.model.id).not.toBe(first.id);
    expect(one.keptSpan()).toEqual([START_MS, START_MS + 2_399_000]);
  });

  it('is used against what its trial says only by force, and never where the stream cannot run with it (#21)', async () => {
    // it learns a machine that was noisy, and is judged on rows of one that is calm
    const faults = Array.from({ length: 80 }, (_, i) => [20 * i, 20 * i + 10] as const);
    const noisy = recorded({ rows: 2000, seed: 4, faults });
    const { retraining: one, situation, first } = await retraining({ series: noisy });
    const refused = await one.retrain('asked');
    expect(refused).toMatchObject({
      standing: 'rejected',
      reason: expect.stringMatching(/^the new model finds \d+ of \d+/),
    });
    expect(situation.model.id).toBe(first.id);
    const forced = await one.retrain('asked', true);
    expect(forced).toMatchObject({ standing: 'live', overruled: refused.reason });
    expect(situation.model.id).not.toBe(first.id);
    const broken = await retraining({
      check: () => {
        throw new CalibrationError('too few peaks');
      },
    });
    expect(await broken.retraining.retrain('asked', true)).toMatchObject({ standing: 'rejected' });
  });
});
