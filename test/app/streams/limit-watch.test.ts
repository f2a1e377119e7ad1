// Hard limits work while a stream learns, with its model, and over a restart (#21).
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import type { Series } from '../../../src/core/series.ts';
import { recorded } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const LIMITED = 'temperature';

/** The recording with a temperature of 99 in these rows. */
function hot(rows: number, from: number, to: number): Series {
  const series = recorded({ rows, seed: 5, faults: [] });
  const values = series.values.slice();
  const place = series.channels.findIndex(({ id }) => id === LIMITED);
  for (let row = from; row < to; row++) values[row * series.channels.length + place] = 99;
  return { ...series, values };
}

const limits = { [LIMITED]: { above: 90 } };

function ofLimits(alerts: readonly Alert[]): readonly string[] {
  return alerts.flatMap(({ kind, state }) => (kind === 'limit' ? [state] : []));
}

describe('limits of a stream', () => {
  it('open an alert while nothing is learnt yet', async () => {
    const source = sourceOf(true, () => undefined, hot(150, 20, 60));
    const { saved, told, done } = await watching(source, { model: undefined, limits });
    await expect(done).rejects.toThrow('ended after 150 rows, learning needs 200');
    expect(ofLimits(saved)).toEqual(['opened', 'closed']);
    expect(told).toEqual(saved);
  });

  it('go on with the same alert when the model is there', async () => {
    const source = sourceOf(false, () => undefined, hot(400, 150, 300));
    const { saved, done } = await watching(source, { model: undefined, limits });
    await done;
    expect(ofLimits(saved)).toEqual(['opened', 'closed']);
    expect(saved.filter(({ kind }) => kind === 'limit')[1]?.endMs).toBeGreaterThan(0);
  });

  it('work beside a model, and their alerts keep rows', async () => {
    const rows = new Map<string, Series>();
    const source = sourceOf(true, () => undefined, hot(300, 100, 150));
    const { saved, done } = await watching(source, { limits, rows, mostRows: 100 });
    await done;
    expect(ofLimits(saved)).toEqual(['opened', 'closed']);
    const [{ id } = { id: '' }] = saved.filter(({ kind }) => kind === 'limit');
    expect(rows.get(id)?.timeMs.length).toBeGreaterThan(10);
  });

  it('go on after a restart', async () => {
    const first = await watching(
      sourceOf(true, () => undefined, hot(120, 100, 120)),
      { limits },
    );
    await first.done;
    expect(ofLimits(first.saved)).toEqual(['opened']);
    const source = sourceOf(true, () => undefined, hot(300, 0, 150));
    const second = await watching(source, { limits, left: first.saved });
    await second.done;
    const states = second.saved.filter(({ kind }) => kind === 'limit');
    expect(ofLimits(states)).toEqual(['opened', 'closed']);
    expect(new Set(states.map(({ id }) => id)).size).toBe(1);
  });
});
