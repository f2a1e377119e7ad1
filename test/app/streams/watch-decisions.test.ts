import { describe, expect, it } from 'vitest';
import type { ScoreReport } from '../../../src/core/sink.ts';
import { names } from '../daemon/setup.ts';
import { START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const id = `anomaly-machine-${START_MS + 200_000}`;

describe('watch', () => {
  it('marks what was measured in a quiet time', async () => {
    const isQuiet = (streamId: string, timeMs: number) =>
      streamId === 'machine' && timeMs < START_MS + 100_000;
    const { done, reports } = await watching(sourceOf(false), { isQuiet });
    await done;
    const quiet = reports.filter((report) => report.quiet);
    expect(quiet).toEqual(reports.filter(({ timeMs }) => timeMs < START_MS + 100_000));
    expect(quiet.length).toBeGreaterThan(10);
  });

  it('rings no more at a height that was called normal, and still above it', async () => {
    const first = await watching(sourceOf(false));
    await first.done;
    const closed = first.told.at(-1);
    expect(closed).toMatchObject({ id, state: 'closed' });
    const height = (closed?.peak ?? 0) * (closed?.level ?? 0);
    const second = await watching(sourceOf(false), { normalHeight: () => height });
    await second.done;
    expect(second.told).toEqual([]);
    const third = await watching(sourceOf(false), { normalHeight: () => height / 2 });
    await third.done;
    expect(names(third.told)[0]).toBe(`${id} opened`);
  });

  it('lets an alert end that is called normal while it is open', async () => {
    const heard: ScoreReport[] = [];
    let height = 0;
    const source = sourceOf(false, (row) => {
      if (row === 230) height = Math.max(...heard.map(({ score, level }) => score * level));
    });
    const watched = await watching(source, { normalHeight: () => height, reports: heard });
    await watched.done;
    expect(names(watched.told)).toEqual([`${id} opened`, `${id} closed`]);
    const last = watched.told.at(-1);
    expect(last?.endMs).toBeLessThan(START_MS + 232_000);
  });
});
