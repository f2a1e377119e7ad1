import { describe, expect, it } from 'vitest';
import { START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

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
});
