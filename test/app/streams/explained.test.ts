import { expect, it } from 'vitest';
import { recorded } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

it('asks the source of a live stream who did it, for open anomalies alone (#21)', async () => {
  const asked: string[] = [];
  const source = {
    ...sourceOf(true, () => undefined, recorded({ rows: 300, seed: 5, faults: [[200, 240]] })),
    explain(channels: readonly { id: string }[]) {
      asked.push(channels[0]?.id ?? '');
      return { processes: [{ name: 'dd', pid: 7, share: 0.5 }], note: 'full in about 3 h' };
    },
  };
  const { saved, done } = await watching(source, {});
  await done;
  const anomalies = saved.filter(({ kind }) => kind === 'anomaly');
  const opened = anomalies.find(({ state }) => state === 'opened');
  expect(opened?.processes).toEqual([{ name: 'dd', pid: 7, share: 0.5 }]);
  expect(opened?.note).toBe('full in about 3 h');
  const closed = anomalies.find(({ state }) => state === 'closed');
  expect(closed).toBeDefined();
  expect(closed).not.toHaveProperty('processes');
  expect(asked).toHaveLength(anomalies.filter(({ state }) => state !== 'closed').length);
});
