import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { readModel } from '../../../src/app/models/model-folder.ts';
import { withNotes } from '../../../src/app/retraining/heard-channels.ts';
import type { StreamRetraining } from '../../../src/app/retraining/stream-retraining.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import type { Series } from '../../../src/core/series.ts';
import type { ScoreReport } from '../../../src/core/sink.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { machineModel, recorded, START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const ROWS = 1500;
/** Row at which something is done; enough are kept by then. */
const ACT = 1200;
const FLOW = { id: 'flow', unit: 'l' };

type Act = (
  retraining: StreamRetraining,
  stream: Pick<Awaited<ReturnType<typeof watching>>, 'stop' | 'models' | 'problems'>,
) => Promise<void>;

interface Living extends NonNullable<Parameters<typeof watching>[1]> {
  /** true: no row comes until it is done. */
  readonly waits?: boolean;
  /** Rows that an earlier life has seen. */
  readonly from?: number;
  readonly series?: Series;
}

/** Of three channels; one is silent for the first rows. */
function halfSilent(silentRows: number): Series {
  const { channels, values, ...series } = recorded({ rows: ROWS, seed: 9 });
  const three = Float64Array.from({ length: 3 * ROWS }, (_, i) => {
    const [row, c] = [Math.floor(i / 3), i % 3];
    if (c === 0) return row < silentRows ? Number.NaN : 5 + (values[2 * row] ?? 0);
    return values[2 * row + c - 1] ?? 0;
  });
  return { ...series, channels: [FLOW, ...channels], values: three };
}

/** Watches a machine without a fault, and does something while it goes on. */
async function living(
  act: Act,
  { waits = false, from = 0, series = recorded({ rows: ROWS, seed: 9 }), ...settings }: Living = {},
) {
  const { state = tempFolder() } = settings;
  let acting: Promise<void> | undefined;
  let done = false;
  const begin = (): void => {
    acting = act(stream.retrainings.of('machine'), stream).finally(() => {
      done = true;
    });
  };
  const pace = async (row: number): Promise<void> => {
    if (row === ACT) begin();
    if ((row === ACT && waits) || row === ROWS - 1) await acting;
    else if (row > ACT && !done) await sleep(50); // the training has its time
    if (row % 50 === 0) await sleep(1);
  };
  const later = { ...series, timeMs: series.timeMs.map((time) => time + 1000 * from) };
  const stream = await watching(sourceOf(true, pace, later), { ...settings, state });
  await Promise.all([stream.done, acting]);
  await acting;
  return { ...stream, state };
}

const manifest = (state: string) =>
  JSON.parse(readFileSync(join(state, 'models', 'machine', 'manifest.json'), 'utf8'));

/** Its level moves within the rows of these recordings. */
const POT = { threshold: 'pot' };

describe('a run of a stream', () => {
  it('trains a new model while it goes on scoring, and runs with it without a gap', async () => {
    const progress: number[] = [];
    const reports: ScoreReport[] = [];
    let scoredBefore = 0;
    let scoredAfter = 0;
    const { models, state } = await living(
      async (retraining) => {
        scoredBefore = reports.length;
        const watchProgress = setInterval(() => {
          const { training } = retraining.models();
          if (training) progress.push(training.fraction);
        }, 5);
        const record = await retraining.retrain('asked');
        clearInterval(watchProgress);
        scoredAfter = reports.length;
        expect(record).toMatchObject({ standing: 'live', why: 'asked' });
        expect(record.trial?.planted).toBeGreaterThan(0);
        expect(retraining.models().training).toBeNull();
      },
      { reports },
    );
    expect(scoredAfter).toBeGreaterThan(scoredBefore);
    expect(progress.at(-1)).toBeGreaterThan(0);
    const first = await machineModel();
    const live = await readModel(join(state, 'learnt.safetensors'));
    expect(live.id).not.toBe(first.id);
    expect(models).toEqual([first.id, live.id]);
    expect(manifest(state).map(({ standing }: { standing: string }) => standing)).toEqual([
      'previous',
      'live',
    ]);
    // each row is scored once, also those around the exchange
    expect(reports.map(({ timeMs }) => timeMs)).toEqual(
      Array.from({ length: ROWS }, (_, row) => START_MS + 1000 * row),
    );
  });

  it('goes back to the model before, with the level it had', async () => {
    const { models, state, reports } = await living(async (retraining, stream) => {
      const { id } = await retraining.retrain('asked');
      await expect.poll(() => stream.models).toHaveLength(2);
      await sleep(200); // it is watched with the new one for a while
      const record = await retraining.rollback();
      expect(record.standing).toBe('live');
      expect(record.id).not.toBe(id);
      await expect.poll(() => stream.models).toHaveLength(3);
      await expect(retraining.rollback()).rejects.toThrow(ConfigError);
    }, POT);
    const first = await machineModel();
    expect(models.at(-1)).toBe(first.id);
    expect((await readModel(join(state, 'learnt.safetensors'))).id).toBe(first.id);
    const levels = reports.map(({ level }) => level);
    const [fresh = 0] = levels;
    const [before = 0, after = 0] = [levels[ACT - 1], levels.at(-1)];
    expect(Math.abs(after - before)).toBeLessThan(Math.abs(fresh - before) / 2);
  });

  it('leaves everything as it was when it is stopped in a training', async () => {
    let running: Promise<unknown> | undefined;
    const stream = await living(async (retraining, { stop }) => {
      running = retraining.retrain('asked');
      running.catch(() => undefined);
      await sleep(20);
      stop.abort();
    });
    await expect(running).rejects.toThrow(
      "stream 'machine' was stopped: its model has not changed",
    );
    const first = await machineModel();
    expect((await readModel(join(stream.state, 'learnt.safetensors'))).id).toBe(first.id);
    expect(manifest(stream.state)).toMatchObject([{ id: first.id, standing: 'live' }]);
    expect(stream.models).toEqual([first.id]);
  });

  it('does not train on what should be left out', async () => {
    await living(
      async (retraining) => {
        const { rows } = await retraining.retrain('asked');
        expect(rows).toBe(0.8 * 700);
      },
      {
        waits: true,
        exclusions: [{ fromMs: START_MS, toMs: START_MS + 499_000, reason: 'alert' }],
      },
    );
  });

  it('says why it cannot be trained', async () => {
    const all = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, reason: 'quiet' as const };
    await living(
      async (retraining) => {
        await expect(retraining.retrain('asked')).rejects.toThrow(
          'has 0 rows to learn from, of 1200 kept, and needs 200',
        );
      },
      { exclusions: [all], waits: true },
    );
    await living(
      async (retraining) => {
        await expect(retraining.retrain('asked')).rejects.toThrow(
          'keeps no rows: set retrain.keepHours',
        );
      },
      { retrain: { keepHours: 0 }, waits: true },
    );
  });

  it('trains one stream at a time', async () => {
    const { retrainings } = await living(async (retraining) => {
      const first = retraining.retrain('asked');
      await expect(retraining.retrain('asked')).rejects.toThrow('another training runs');
      await first;
    });
    expect(retrainings.takeTurn()).toBeDefined();
    expect(() => retrainings.of('machine')).toThrow("stream 'machine' is not watched now");
  });

  it('keeps its rows over a restart, but none of a clock that is not set', async () => {
    const state = tempFolder();
    await living(async () => undefined, { state, waits: true });
    await living(
      async (retraining) => {
        const { rows } = await retraining.retrain('asked');
        expect(rows).toBe(0.8 * (ROWS + ACT));
      },
      { state, from: ROWS, waits: true },
    );
    const unset = tempFolder();
    await living(async () => undefined, { state: unset, waits: true, clockIsSet: () => false });
    expect(existsSync(join(unset, 'rows', 'machine'))).toBe(false);
  });
});

describe('a channel that was silent while its stream learnt', () => {
  const partial = async () => withNotes(await machineModel(), [FLOW], undefined);

  it('is watched from a training on that knows enough of it, without a new start (#18)', async () => {
    const { models, problems, reports, state } = await living(
      async (retraining, { models: live }) => {
        const { id, standing, trial } = await retraining.retrain('asked');
        expect([standing, trial]).toEqual(['live', undefined]);
        await expect.poll(() => live.at(-1)).toBe(id);
      },
      { series: halfSilent(300), model: await partial() },
    );
    const live = await readModel(join(state, 'learnt.safetensors'));
    expect(live.channels.map(({ id }) => id)).toEqual(['power', 'temperature', 'flow']);
    expect(models).toEqual([(await partial()).id, live.id]);
    expect(reports.at(-1)?.timeMs).toBe(START_MS + 1000 * (ROWS - 1));
    expect(problems.messages()).toEqual([]);
  });

  it('stays left out of a training that knows too little of it', async () => {
    let watched: readonly string[] = [];
    const { models } = await living(
      async (retraining, { problems }) => {
        expect(problems.messages()).toEqual([
          expect.stringContaining("stream 'machine' is watched without flow: too few readings"),
        ]);
        const { standing, trial } = await retraining.retrain('asked');
        expect([standing, trial?.planted]).toEqual(['live', expect.any(Number)]);
        watched = problems.messages();
      },
      { series: halfSilent(700), model: await partial(), waits: true },
    );
    expect(models).toHaveLength(2);
    expect(watched).toHaveLength(1);
  });
});

it('writes a model file that is gone again, as long as the stream lives (#18)', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const state = tempFolder();
    const path = join(state, 'learnt.safetensors');
    const { done, stop } = await watching(
      sourceOf(true, async (row, signal) => {
        if (row !== 10) return;
        rmSync(state, { recursive: true });
        vi.advanceTimersByTime(60_000);
        while (!existsSync(path) && !signal.aborted) await sleep(5);
        stop.abort();
      }),
      { state },
    );
    await done;
    expect((await readModel(path)).id).toBe((await machineModel()).id);
  } finally {
    vi.useRealTimers();
  }
});
