import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readModel } from '../../../src/app/models/model-folder.ts';
import { DeviceError, StoreError } from '../../../src/core/errors.ts';
import type { Source } from '../../../src/core/source.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { names } from '../daemon/setup.ts';
import { recorded } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const FAILED = 'stream:machine';

/** Problems as they come and go: `+key` and `-key`, without repetitions. */
function remembering() {
  const told: string[] = [];
  const messages: string[] = [];
  const now = new Map<string, string>();
  return {
    told,
    messages,
    problems: {
      raise(key: string, message: string): void {
        if (!now.has(key)) told.push(`+${key}`);
        now.set(key, message);
        messages.push(message);
      },
      clear(key: string): void {
        if (now.delete(key)) told.push(`-${key}`);
      },
      messages: () => [...now.values()],
    },
  };
}

/** A live source that fails once, before that row. */
function failingAt(row: number, series = recorded({ rows: 300, seed: 5 })): Source {
  let failed = false;
  return sourceOf(
    true,
    (at) => {
      if (at !== row || failed) return;
      failed = true;
      throw new DeviceError('there is no program');
    },
    series,
  );
}

const idOf = async (path: string): Promise<string> => (await readModel(path)).id;

let taught: Promise<string> | undefined;

/** Id of the model that 200 rows teach without a fault between them. */
function undisturbed(): Promise<string> {
  taught ??= (async () => {
    const source = sourceOf(true, undefined, recorded({ rows: 300, seed: 5 }));
    const { done, learntPath } = await watching(source, { model: undefined });
    await done;
    return idOf(learntPath);
  })();
  return taught;
}

describe('a live stream that fails', () => {
  it('is a problem and an alert until its rows pass again (#18)', async () => {
    const { told, messages, problems } = remembering();
    const { done, saved, reports } = await watching(failingAt(100), { problems });
    await done;
    expect(reports).toHaveLength(300);
    expect(told).toEqual([`+${FAILED}`, `-${FAILED}`]);
    expect(messages).toEqual([
      expect.stringMatching(
        /^stream 'machine' failed, attempt 1: there is no program: it is tried again at \d{4}-.*Z$/,
      ),
    ]);
    expect(saved).toMatchObject([
      { kind: 'stream_failed', state: 'opened', streamId: 'machine', severity: 'critical' },
      { kind: 'stream_failed', state: 'closed', id: saved[0]?.id },
    ]);
    expect(saved[1]?.endMs).toBeGreaterThanOrEqual(saved[0]?.startMs ?? 0);
  });

  it('goes on with the alert that an earlier run left open, and closes it (#18)', async () => {
    const first = await watching(failingAt(0), { pauseMs: 60_000 });
    await vi.waitUntil(() => first.saved.length === 1, { timeout: 60_000 });
    first.stop.abort();
    await first.done;
    expect(first.problems.messages()).toEqual([]);
    const { done, told } = await watching(failingAt(0), { left: first.saved });
    await done;
    expect(names(told)).toEqual([`${first.saved[0]?.id} closed`]);
  });

  it('is tried again for ever, with one alert for all attempts', async () => {
    let tries = 0;
    const source = sourceOf(true, (row) => {
      if (row === 0 && ++tries < 20) throw new DeviceError('there is no program');
    });
    const { messages, problems } = remembering();
    const { done, saved } = await watching(source, { problems });
    await done;
    expect(messages).toHaveLength(19);
    expect(messages.at(-1)).toContain('attempt 19');
    expect(saved.filter(({ kind }) => kind === 'stream_failed')).toHaveLength(2);
  });

  it('begins anew with short pauses after it has run for ten minutes, not before', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const failures = new Set([0, 10, 20, 30]);
    const source = sourceOf(true, (row) => {
      if (row === 15) vi.advanceTimersByTime(590_000);
      if (row === 25) vi.advanceTimersByTime(610_000);
      if (failures.delete(row)) throw new DeviceError('there is no program');
    });
    const { messages, problems } = remembering();
    await (await watching(source, { problems })).done;
    const attempts = messages.map((message) => /attempt (\d+)/.exec(message)?.[1]);
    expect(attempts).toEqual(['1', '2', '3', '1']);
  });

  it('leaves nothing behind that could train it (#18)', async () => {
    let readable = false;
    const openAlerts = () => {
      if (!readable) throw new StoreError('history.db cannot be read');
      return [];
    };
    // its stages were made before the history became unreadable
    let asked = 0;
    const { done, retrainings, problems, reports } = await watching(sourceOf(true), {
      openAlerts: () => (++asked === 1 ? [] : openAlerts()),
      mostRows: 10,
    });
    await vi.waitUntil(() => problems.messages().join().includes('history.db cannot be read'), {
      timeout: 60_000,
    });
    expect(() => retrainings.of('machine')).toThrow('is not watched now');
    readable = true;
    await done;
    expect(reports).toHaveLength(300);
  });

  it('is not tried again when its source has come to its end', async () => {
    const short = sourceOf(true, undefined, recorded({ rows: 50, seed: 5 }));
    const { done, saved } = await watching(short, { model: undefined });
    await expect(done).rejects.toThrow('ended after 50 rows, learning needs 200');
    expect(saved).toEqual([]);
  });

  it('ends with a bug', async () => {
    const source = sourceOf(true, (row) => {
      if (row === 5) throw new TypeError('bug');
    });
    const { done, saved } = await watching(source);
    await expect(done).rejects.toThrow(TypeError);
    expect(saved).toEqual([]);
  });
});

describe('what a stream has gathered to learn from', () => {
  it('is there after its source has failed (#18)', async () => {
    const { done, learntPath } = await watching(failingAt(150), { model: undefined });
    await done;
    expect(await idOf(learntPath)).toBe(await undisturbed());
  });

  it('is there after a restart of the daemon (#18)', async () => {
    const state = tempFolder();
    let stop: AbortController | undefined;
    const source = sourceOf(
      true,
      (row) => {
        if (row === 150) stop?.abort();
      },
      recorded({ rows: 300, seed: 5 }),
    );
    const first = await watching(source, { state, model: undefined });
    stop = first.stop;
    await expect(first.done).rejects.toThrow('aborted');
    stop = undefined;
    const second = await watching(source, { state, model: undefined });
    await second.done;
    expect(await idOf(second.learntPath)).toBe(await undisturbed());
  });

  it('is learnt from though the disk does not take the model, which is a problem (#18)', async () => {
    const state = tempFolder();
    mkdirSync(join(state, 'learnt.safetensors')); // no file can be put there
    writeFileSync(join(state, 'learnt.safetensors', 'x'), '');
    const { told, messages, problems } = remembering();
    const source = sourceOf(true, undefined, recorded({ rows: 300, seed: 5 }));
    const { done, models, reports } = await watching(source, { state, model: undefined, problems });
    await done;
    expect(models).toHaveLength(1);
    expect(reports.length).toBeGreaterThan(90);
    expect(told).toContain('+model:machine');
    expect(messages.join()).toContain('the model is in memory only, and written again each minute');
  });

  it('teaches a model that is written as soon as the disk takes it, over an old one', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const state = tempFolder();
    const path = join(state, 'learnt.safetensors');
    mkdirSync(path); // no file can be put there
    const { told, problems } = remembering();
    const source = sourceOf(
      true,
      async (row) => {
        if (row !== 250) return;
        expect(told.at(-1)).toBe('+model:machine');
        rmSync(path, { recursive: true });
        writeFileSync(path, 'of no use');
        vi.advanceTimersByTime(60_000);
        await vi.waitUntil(() => told.at(-1) === '-model:machine', { timeout: 60_000 });
      },
      recorded({ rows: 300, seed: 5 }),
    );
    const { done } = await watching(source, { state, model: undefined, problems });
    await done;
    expect(await idOf(path)).toBe(await undisturbed());
  });

  it('loses its older half to a training that it does not do for', async () => {
    const series = recorded({ rows: 500, seed: 5 });
    series.values.fill(1, 0, 2 * 200); // nothing moves at first
    const { messages, problems } = remembering();
    const { done, models } = await watching(sourceOf(true, undefined, series), {
      model: undefined,
      problems,
    });
    await done;
    expect(messages.join()).toMatch(/attempt 1: all channels of 'machine' are constant/);
    expect(models).toHaveLength(1);
  });
});
