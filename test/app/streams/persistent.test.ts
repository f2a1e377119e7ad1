import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createStreamTasks } from '../../../src/app/streams/stream-tasks.ts';
import { SourceError } from '../../../src/core/errors.ts';
import type { Source } from '../../../src/core/source.ts';
import { CHANNELS, recorded } from '../recording.ts';
import { sampleAt } from '../sample-at.ts';
import { sourceOf, surroundings, watching } from './watching.ts';

/** The timers of the program, which is how long a row may be waited for, go by hand. */
function timersByHand(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** A promise, and what resolves it. */
function event() {
  let happen: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happen, happened };
}

describe('a live source that gives no row', () => {
  it.each([
    ['is lost', 'cable pulled'],
    ['is open and silent', 'its source is open and sends nothing'],
  ])(
    'is a problem after a minute when it %s, also while the stream learns (#18)',
    async (how, said) => {
      timersByHand();
      let mended = false;
      const waited = event();
      const source = sourceOf(
        true,
        async (row, signal) => {
          if (row !== 10 || mended) return;
          waited.happen();
          if (how === 'is lost') throw new SourceError('cable pulled');
          while (!mended && !signal.aborted) await sleep(5);
        },
        recorded({ rows: 300, seed: 5 }),
      );
      const { done, problems } = await watching(source, { model: undefined });
      await waited.happened;
      await sleep(1);
      await vi.advanceTimersByTimeAsync(59_000);
      expect(problems.messages()).toEqual([]);
      await vi.advanceTimersByTimeAsync(2000);
      expect(problems.messages()).toEqual([
        expect.stringContaining(`stream 'machine' has had no row for 60 s: ${said}`),
      ]);
      mended = true;
      await vi.waitUntil(() => problems.messages().length === 0, { timeout: 60_000 });
      vi.useRealTimers();
      await done;
    },
  );

  it('stays a problem of a run when the one before it, which hung over a reload, has a row at last (#20)', async () => {
    timersByHand();
    const hanging = () => {
      const [waited, released] = [event(), event()];
      const source: Source = {
        ...{ id: 'fake', live: true, channels: CHANNELS },
        async *samples() {
          yield sampleAt(1);
          waited.happen();
          await released.happened;
          yield sampleAt(2);
        },
      };
      return { source, waited, released };
    };
    const [first, second] = [hanging(), hanging()];
    const { stream, context, problems } = await surroundings(first.source, { model: undefined });
    const streamTasks = createStreamTasks(context);
    await streamTasks.exchange([], [stream]);
    await first.waited.happened;
    await sleep(1);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(problems.messages()).toHaveLength(1);
    const exchanged = streamTasks.exchange(['machine'], [{ ...stream, source: second.source }]);
    await vi.advanceTimersByTimeAsync(1000);
    await exchanged;
    await second.waited.happened;
    await sleep(1);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(problems.messages()).toHaveLength(1);
    first.released.happen();
    await sleep(20);
    expect(problems.messages()).toHaveLength(1);
    second.released.happen();
    await vi.waitUntil(() => problems.messages().length === 0, { timeout: 60_000 });
    const closed = streamTasks.close();
    await vi.advanceTimersByTimeAsync(1000);
    await closed;
  });

  it('has as long as its channels may be silent or five of its rows take, and for ever where none may be missing', async () => {
    timersByHand();
    const waits = async (
      health: Record<string, unknown>,
      forMs: number,
      configured: Record<string, unknown> = { kind: 'host' },
    ): Promise<number> => {
      const waited = event();
      const source = sourceOf(true, async (row, signal) => {
        if (row === 10) waited.happen();
        if (row === 10) await sleep(60_000, undefined, { signal }).catch(() => undefined);
      });
      const { done, problems, stop } = await watching(source, {
        health,
        configured,
        model: undefined,
      });
      await waited.happened;
      await sleep(1);
      await vi.advanceTimersByTimeAsync(forMs);
      const { length } = problems.messages();
      stop.abort();
      await done.catch(() => undefined);
      return length;
    };
    expect(await waits({ channels: { power: { maxAgeMs: 600_000 } } }, 599_000)).toBe(0);
    expect(await waits({ channels: { power: { maxAgeMs: 600_000 } } }, 601_000)).toBe(1);
    expect(await waits({ maxAgeMs: 0 }, 3_600_000)).toBe(0);
    const everyMinute = { kind: 'host', intervalMs: 60_000 }; // with a grid of a second
    expect(await waits({}, 299_000, everyMinute)).toBe(0);
    expect(await waits({}, 301_000, everyMinute)).toBe(1);
  });
});
