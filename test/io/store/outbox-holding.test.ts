import { describe, expect, it } from 'vitest';
import { SEVERITY_RANK } from '../../../src/core/alert.ts';
import { SinkError } from '../../../src/core/errors.ts';
import type { Holding, Sink } from '../../../src/core/sink.ts';
import { alertOf } from '../alerts.ts';
import { fakeSink, newStore, start } from './pump.ts';

const MORNING_MS = 7000;

/** Holds until the morning what is not critical; a closed state or a graver one covers what was before it. */
const night: Holding = {
  dueMs: ({ severity }) => (severity === 'critical' ? undefined : MORNING_MS),
  covers: (later, earlier) =>
    later.state === 'closed' || SEVERITY_RANK[later.severity] > SEVERITY_RANK[earlier.severity],
};

function sleeping(accepts?: Parameters<typeof fakeSink>[1]) {
  const { sink, taken } = fakeSink('a', accepts);
  const clock = { nowMs: 3000 };
  const store = newStore();
  const held: Sink = { ...sink, holding: night };
  const { pump, add, faults } = start(store, [held], { now: () => clock.nowMs });
  return { pump, add, faults, taken, clock, store };
}

describe('outbox with a sink that holds alerts (#21)', () => {
  it('keeps them until they are due, and sends others meanwhile', async () => {
    const { pump, add, taken, clock, store } = sleeping();
    add(alertOf('1'));
    add(alertOf('2', 'opened', { severity: 'critical' }));
    add(alertOf('3'));
    await expect.poll(() => taken).toEqual(['2 opened']);
    expect(await pump.drain(10_000)).toBe(2);
    expect(store.backlog().waiting).toEqual({ a: 2 });
    clock.nowMs = MORNING_MS;
    pump.wake();
    await expect.poll(() => taken).toEqual(['2 opened', '1 opened', '3 opened']);
    expect(await pump.drain(10_000)).toBe(0);
  });

  it('looks again by itself when the first of them is due', async () => {
    const { add, taken, clock } = sleeping();
    clock.nowMs = MORNING_MS - 50;
    add(alertOf('1'));
    clock.nowMs = MORNING_MS;
    await expect.poll(() => taken).toEqual(['1 opened']);
  });

  it('sends of an alert that was held the state that covers the others, alone', async () => {
    const { pump, add, taken, clock } = sleeping();
    for (const state of ['opened', 'updated', 'closed'] as const) add(alertOf('1', state));
    add(alertOf('2'));
    expect(await pump.drain(10_000)).toBe(4);
    clock.nowMs = MORNING_MS;
    expect(await pump.drain(10_000)).toBe(0);
    expect(taken).toEqual(['1 closed', '2 opened']);
  });

  it('lets an alert that becomes critical through, and keeps its states in order', async () => {
    const { pump, add, taken } = sleeping();
    add(alertOf('1'));
    add(alertOf('2'));
    add(alertOf('1', 'updated', { severity: 'critical' }));
    await expect.poll(() => taken).toEqual(['1 updated']);
    expect(await pump.drain(10_000)).toBe(1);
  });

  it('finds a critical one behind any number of held ones', async () => {
    const { add, taken, store } = sleeping();
    for (let n = 0; n < 250; n += 1) store.addAlert(alertOf(`held${n}`), ['a']);
    add(alertOf('urgent', 'opened', { severity: 'critical' }));
    await expect.poll(() => taken).toEqual(['urgent opened']);
  });

  it('holds them over failures of the sink', async () => {
    let up = false;
    const { pump, add, taken, clock } = sleeping(() => {
      if (!up) throw new SinkError('away');
      return true;
    });
    add(alertOf('1'));
    add(alertOf('2', 'opened', { severity: 'critical' }));
    await pump.drain(100);
    up = true;
    await expect.poll(() => taken).toEqual(['2 opened']);
    clock.nowMs = MORNING_MS;
    expect(await pump.drain(10_000)).toBe(0);
    expect(taken).toEqual(['2 opened', '1 opened']);
  });
});
