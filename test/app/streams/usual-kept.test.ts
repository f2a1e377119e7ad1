import { join } from 'node:path';
import { expect, it } from 'vitest';
import { usualMemory } from '../../../src/app/compose/threshold-memory.ts';
import type { StreamRetraining } from '../../../src/app/retraining/stream-retraining.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { recorded } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const ROWS = 1300;

type Act = (retraining: StreamRetraining) => Promise<unknown>;

/** Watches a machine; `acts` are done before these rows. */
async function watched(state: string, fromS: number, acts: Readonly<Record<number, Act>>) {
  const series = recorded({ rows: ROWS, seed: 9 });
  const later = { ...series, timeMs: series.timeMs.map((time) => time + 1000 * fromS) };
  const pace = async (row: number): Promise<void> => {
    await acts[row]?.(stream.retrainings.of('machine'));
    if (row % 50 === 0) await new Promise(setImmediate);
  };
  const stream = await watching(sourceOf(true, pace, later), { state });
  await stream.done;
  return stream;
}

it('keeps what is usual of a stream over a retraining, a rollback and a restart (#21)', async () => {
  const state = tempFolder();
  const readings = (): number[] => {
    const usual = usualMemory(join(state, 'thresholds', 'machine', 'usual.json')).recall();
    return usual.map(({ cells: [all] }) => all?.[2] ?? 0);
  };
  const { models } = await watched(state, 0, {
    1200: (retraining) => retraining.retrain('asked'),
    1250: (retraining) => retraining.rollback(),
  });
  expect(models).toHaveLength(3);
  const [first = 0] = readings();
  expect(readings()).toHaveLength(2);
  expect(first).toBeGreaterThan(0.9 * ROWS);
  await watched(state, ROWS, {});
  expect(readings()[0]).toBeGreaterThan(first + 0.9 * ROWS);
});
