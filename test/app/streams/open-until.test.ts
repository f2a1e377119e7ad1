// What an alert that is open when its stream stops is told to have lasted, if it is over by the next start.
import { expect, it } from 'vitest';
import { recorded, START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

it('ends an alert that is over by the next start where it was last seen, not with its last saved state', async () => {
  const fault = recorded({ rows: 300, seed: 5, faults: [[200, 260]] });
  const first = await watching(
    sourceOf(true, (row) => (row === 250 ? first.stop.abort() : undefined), fault),
  );
  await first.done;
  const left = first.saved.filter(({ kind }) => kind === 'anomaly');
  const [opened] = left;
  expect(left.at(-1)?.state).not.toBe('closed');
  expect(left.at(-1)?.timeMs).toBeLessThan(START_MS + 240_000);
  const quiet = recorded({ rows: 120, seed: 6 });
  const later = { ...quiet, timeMs: quiet.timeMs.map((time) => time + 400_000) };
  const second = await watching(sourceOf(true, undefined, later), { left, state: first.state });
  await second.done;
  expect(second.saved.at(-1)).toMatchObject({ id: opened?.id, state: 'closed' });
  const endMs = second.saved.at(-1)?.endMs as number;
  expect(endMs).toBeGreaterThan(START_MS + 245_000);
  expect(endMs).toBeLessThan(START_MS + 250_000);
});
