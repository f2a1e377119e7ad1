import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { SourceError } from '../../../src/core/errors.ts';
import type { Source } from '../../../src/core/source.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { names } from '../daemon/setup.ts';
import { START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const id = `anomaly-machine-${START_MS + 200_000}`;

describe('watch', () => {
  it('saves and tells the alerts of a source, and scores every window', async () => {
    const { done, saved, told, reports } = await watching(sourceOf(false));
    await done;
    expect(names(saved)).toEqual([`${id} opened`, `${id} closed`]);
    expect(told).toEqual(saved);
    expect(reports).toHaveLength(300);
    expect(told[0]?.channels[0]?.id).toMatch(/temperature|power/);
  });

  it('closes what is open when a recording ends', async () => {
    const short = sourceOf(false, (row) => {
      if (row === 220) throw new SourceError('end of tape');
    });
    const ended: Source = {
      ...short,
      async *samples(signal) {
        try {
          yield* short.samples(signal);
        } catch {
          // the recording ends here
        }
      },
    };
    const { done, saved } = await watching(ended);
    await done;
    expect(names(saved)).toEqual([`${id} opened`, `${id} closed`]);
    expect(saved[1]?.endMs).toBeLessThan(START_MS + 221_000);
  });

  it('does not save a state of a recording twice, but tells it again', async () => {
    const first = await watching(sourceOf(false));
    await first.done;
    const second = await watching(sourceOf(false), { left: first.saved.slice(0, 1) });
    await second.done;
    expect(names(second.saved)).toEqual([`${id} opened`, `${id} closed`]);
    expect(names(second.told)).toEqual([`${id} opened`, `${id} closed`]);
  });

  it('reopens a live source that fails and loses no row that it still has', async () => {
    let failed = false;
    const source = sourceOf(true, (row) => {
      if (row !== 100 || failed) return;
      failed = true;
      throw new SourceError('cable pulled');
    });
    const { done, saved, reports } = await watching(source);
    await done;
    expect(failed).toBe(true);
    expect(reports).toHaveLength(300);
    expect(names(saved)).toEqual([`${id} opened`, `${id} closed`]);
  });

  it('goes on with an alert that an earlier run left open, under its id', async () => {
    const first = await watching(sourceOf(false));
    await first.done;
    const opened = first.saved.slice(0, 1);
    let skipped = false;
    const rest = sourceOf(true, () => {
      skipped = true;
    });
    const later: Source = {
      ...rest,
      async *samples(signal) {
        for await (const sample of rest.samples(signal)) {
          if (sample.timeMs >= START_MS + 220_000) yield sample;
        }
      },
    };
    const second = await watching(later, { left: opened });
    await second.done;
    expect(skipped).toBe(true);
    expect(names(second.told)).toEqual([`${id} closed`]);
    expect(second.told[0]?.startMs).toBe(START_MS + 200_000);
  });

  it('raises data_missing when a live source falls silent, and closes it when it speaks', async () => {
    let isMissing = (): boolean => false;
    const pausing = sourceOf(true, async (row) => {
      if (row === 50) await vi.waitUntil(() => isMissing(), { timeout: 60_000 });
    });
    const health = { maxAgeMs: 200, coolDownMs: 0 };
    const { done, told } = await watching(pausing, { health, intervalMs: 100 });
    isMissing = () => told.some(({ kind }) => kind === 'data_missing');
    await done;
    const missing = told.filter(({ kind }) => kind === 'data_missing');
    expect(missing.map(({ state }) => state)).toEqual(['opened', 'closed']);
    expect(missing[0]?.severity).toBe('critical');
    expect(missing[0]?.channels.map((channel) => channel.id).sort()).toEqual([
      'power',
      'temperature',
    ]);
  });

  it('goes on from the alert level of an earlier run of a live source', async () => {
    const part = (fromMs: number, toMs: number): Source => {
      const whole = sourceOf(true);
      return {
        ...whole,
        async *samples(signal) {
          for await (const sample of whole.samples(signal)) {
            const rowMs = sample.timeMs - START_MS;
            if (rowMs >= fromMs && rowMs < toMs) yield sample;
          }
        },
      };
    };
    const levels = async (source: Source, state: string) => {
      const { done, reports } = await watching(source, { state, threshold: 'pot' });
      await done;
      return reports.map(({ level }) => level);
    };
    const inOne = await levels(part(0, 190_000), tempFolder());
    const state = tempFolder();
    const first = await levels(part(0, 100_000), state);
    const second = await levels(part(100_000, 190_000), state);
    expect([...first, ...second]).toEqual(inOne);
    expect(new Set(inOne).size).toBeGreaterThan(10);
  });

  it('ends at once when stopped in a silence', async () => {
    const silent = sourceOf(true, async (row, signal) => {
      if (row === 10) await sleep(60_000, undefined, { signal }).catch(() => undefined);
    });
    const { done, reports, stop } = await watching(silent);
    await expect.poll(() => reports).toHaveLength(10);
    stop.abort();
    await done;
    expect(reports).toHaveLength(10);
  });
});
