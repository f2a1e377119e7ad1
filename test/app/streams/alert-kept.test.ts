import { expect, it } from 'vitest';
import { recorded, START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const FAULT: readonly [from: number, to: number] = [1150, 1200];

it('ends an alert with its last loud row although another model took over', async () => {
  const series = recorded({ rows: 1300, seed: 9, faults: [FAULT] });
  const pace = async (row: number): Promise<void> => {
    if (row === FAULT[1]) await stream.retrainings.of('machine').retrain('asked', true);
    if (row % 50 === 0) await new Promise(setImmediate);
  };
  const stream = await watching(sourceOf(true, pace, series));
  await stream.done;
  expect(stream.models).toHaveLength(2);
  const [opened, closed] = stream.saved.filter(
    ({ startMs }) => startMs >= START_MS + 1000 * FAULT[0],
  );
  expect(opened).toMatchObject({ state: 'opened', timeMs: START_MS + 1000 * (FAULT[0] + 2) });
  expect(closed).toMatchObject({ id: opened?.id, endMs: START_MS + 1000 * (FAULT[1] - 1) });
});
