import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SinkError } from '../../../src/core/errors.ts';
import type { Sink } from '../../../src/core/sink.ts';
import { alertOf } from '../alerts.ts';
import { LONG_MS, newStore, start } from './pump.ts';

/** A sink that answers for an alert state when it is told to; `given` are those it was asked to send, in order. */
function manualSink(inFlight: number) {
  const given: string[] = [];
  const waiting = new Map<string, (error?: Error) => void>();
  const sink: Sink = {
    id: 'a',
    inFlight,
    send: ({ id, state }) =>
      new Promise((resolve, reject) => {
        given.push(`${id} ${state}`);
        waiting.set(`${id} ${state}`, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => Promise.resolve(),
  };
  return { sink, given, answer: (said: string, error?: Error) => waiting.get(said)?.(error) };
}

describe('outbox with several alerts under way', () => {
  it('has as many under way as the sink takes, and forgets none before it is acknowledged', async () => {
    const store = newStore();
    const { sink, given, answer } = manualSink(4);
    const { pump, add } = start(store, [sink]);
    const ids = ['0', '1', '2', '3', '4', '5', '6'];
    for (const id of ids) add(alertOf(id));
    await expect.poll(() => given).toEqual(['0 opened']); // whether there is a way at all
    answer('0 opened');
    await expect.poll(() => given.length).toBe(5);
    for (const id of ['4', '3', '2']) answer(`${id} opened`);
    await sleep(20);
    expect(given).toHaveLength(5); // the oldest is still open
    expect(store.unsent('a', 9).map(({ alert }) => alert.id)).toEqual(ids.slice(1));
    answer('1 opened');
    await expect.poll(() => given).toEqual(ids.map((id) => `${id} opened`));
    answer('5 opened');
    await pump.stop();
    expect(store.unsent('a', 9).map(({ alert }) => alert.id)).toEqual(['6']);
  });

  it('sends again what an alert said behind a state that failed, and nothing else', async () => {
    const store = newStore();
    const { sink, given, answer } = manualSink(9);
    const { pump } = start(store, [sink]);
    for (const id of ['first', 'x', 'y']) store.addAlert(alertOf(id), ['a']);
    for (const id of ['x', 'z']) store.addAlert(alertOf(id, 'closed'), ['a']);
    pump.wake();
    await expect.poll(() => given.length).toBe(1);
    answer('first opened');
    await expect.poll(() => given.length).toBe(5);
    answer('x opened', new SinkError('away'));
    for (const said of ['y opened', 'x closed', 'z closed']) answer(said);
    await expect.poll(() => given.slice(5)).toEqual(['x opened']);
    answer('x opened');
    await expect.poll(() => given.slice(6)).toEqual(['x closed']);
    answer('x closed');
    expect(await pump.drain(5000)).toBe(0);
    expect(given).toHaveLength(7);
  });

  it('sends nothing more once it is stopped, also when an answer comes at that moment', async () => {
    const store = newStore();
    const { sink, given, answer } = manualSink(4);
    const stopped: Promise<void>[] = [];
    const onSent = (): void => void stopped.push(pump.stop());
    const { pump, add } = start(store, [sink], { onSent, sendTimeoutMs: LONG_MS });
    for (const id of ['1', '2', '3']) add(alertOf(id));
    await expect.poll(() => given).toEqual(['1 opened']);
    answer('1 opened');
    await expect.poll(() => stopped).toHaveLength(1);
    await stopped[0];
    expect(given).toEqual(['1 opened']);
    expect(store.unsent('a', 9)).toHaveLength(2);
  });

  it('survives a sink that throws instead of rejecting while it is stopped', async () => {
    const { sink, given, answer } = manualSink(4);
    const send: Sink['send'] = (alert) => {
      if (alert.id === 'bad') throw new TypeError('a bug');
      return sink.send(alert);
    };
    const { pump, add } = start(newStore(), [{ ...sink, send }]);
    for (const id of ['1', '2', 'bad']) add(alertOf(id));
    await expect.poll(() => given).toEqual(['1 opened']);
    answer('1 opened');
    await expect.poll(() => given).toEqual(['1 opened', '2 opened']);
    await pump.stop(); // a rejection that nobody handles fails the test run
    expect(pump.left()).toBe(2);
  });
});
