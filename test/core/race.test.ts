import { describe, expect, it } from 'vitest';
import { doneWithin, race } from '../../src/core/race.ts';

const never = new Promise<string>(() => undefined);

describe('race', () => {
  it('gives the value, or throws what the work rejects with', async () => {
    expect(await race(Promise.resolve('done'), { timeoutMs: 60_000 })).toBe('done');
    await expect(race(Promise.reject(new Error('broken')), {})).rejects.toThrow('broken');
  });

  it('ends with an abort, also one that came before', async () => {
    const stop = new AbortController();
    const waiting = race(never, { signal: stop.signal, timeoutMs: 60_000 });
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(await race(Promise.resolve('done'), { signal: stop.signal })).toBeUndefined();
  });

  it('ends with the time, and leaves the work to be waited for again', async () => {
    let finish: (value: string) => void = () => undefined;
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    expect(await race(work, { timeoutMs: 1 })).toBeUndefined();
    finish('late');
    expect(await race(work, { timeoutMs: 60_000 })).toBe('late');
  });

  it('does not report a rejection that comes after its end', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    try {
      let fail: (reason: Error) => void = () => undefined;
      const work = new Promise<string>((_, reject) => {
        fail = reject;
      });
      expect(await doneWithin(1, work)).toBe(false);
      fail(new Error('late'));
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', listen);
    }
  });
});

describe('doneWithin', () => {
  it('says whether the work was done in time, whatever it gave', async () => {
    expect(await doneWithin(60_000, Promise.resolve(undefined))).toBe(true);
    expect(await doneWithin(1, never)).toBe(false);
    await expect(doneWithin(60_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});
