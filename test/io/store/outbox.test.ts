import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Aedes } from 'aedes';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoreError } from '../../../src/core/errors.ts';
import type { EntryKey } from '../../../src/core/store.ts';
import { mqttSink } from '../../../src/io/sinks/mqtt.ts';
import { alertOf } from '../alerts.ts';
import { freePort } from '../mosquitto.ts';
import { fakeSink, LONG_MS, newStore, queueOf, start } from './pump.ts';

/** A broker that notes each alert it takes; returns how to end it, with its connections. */
async function brokerThatHears(port: number, heard: string[]): Promise<() => Promise<void>> {
  const broker = await Aedes.createBroker({ maxClientsIdLength: 255 });
  broker.on('publish', ({ topic, payload }) => {
    if (topic.endsWith('/event')) heard.push(JSON.parse(payload.toString()).id);
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    broker.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    await new Promise<void>((resolve) => broker.close(resolve));
    for (const socket of sockets) socket.destroy(); // also one that came in the last moment
    await closed;
  };
}

describe('outbox', () => {
  it('sends each alert once although the store cannot be told that it was sent', async () => {
    const real = newStore();
    let full = true;
    const store = {
      ...queueOf(real),
      markSent(entries: readonly EntryKey[]) {
        if (full) throw new StoreError('no space left');
        real.markSent(entries);
      },
    };
    const { sink, taken } = fakeSink('mqtt');
    const { pump, faults } = start(real, [sink], { store });
    const ids = Array.from({ length: 120 }, (_, k) => `a${k}`);
    for (const id of ids) real.addAlert(alertOf(id), ['mqtt']);
    pump.sendUnsaved(alertOf('unsaved'));
    await vi.waitUntil(() => taken.length >= 121 && faults.length >= 3, { timeout: 60_000 });
    expect(taken).toEqual([...ids, 'unsaved'].map((id) => `${id} opened`));
    full = false;
    await vi.waitUntil(() => real.unsent('mqtt', 1).length === 0, { timeout: 60_000 });
    expect(taken).toHaveLength(121);
  });

  it('sends in order, once, what was there before and what comes', async () => {
    const store = newStore();
    const { sink, taken } = fakeSink('a');
    store.addAlert(alertOf('1'), ['a']);
    store.addAlert(alertOf('2'), ['a']);
    const { pump, add } = start(store, [sink]);
    add(alertOf('1', 'closed'));
    expect(await pump.drain(10_000)).toBe(0);
    expect(taken).toEqual(['1 opened', '2 opened', '1 closed']);
    add(alertOf('2', 'closed'));
    expect(await pump.drain(10_000)).toBe(0);
    expect(taken.at(-1)).toBe('2 closed');
    expect(store.unsent('a', 9)).toEqual([]);
  });

  it('tries again without changing the order, and holds up no other sink', async () => {
    const store = newStore();
    let refusals = 5;
    const shaky = fakeSink('shaky', () => refusals-- <= 0);
    const dead = fakeSink('dead', () => false);
    const fine = fakeSink('fine');
    const { pump, faults, add } = start(store, [dead.sink, shaky.sink, fine.sink]);
    for (const id of ['1', '2', '3']) add(alertOf(id));
    await expect.poll(() => shaky.taken).toEqual(['1 opened', '2 opened', '3 opened']);
    expect(fine.taken).toHaveLength(3);
    expect(dead.taken).toEqual([]);
    expect(faults).toContain('shaky: shaky is away');
    expect(await pump.drain(50)).toBe(3); // those of the dead one
  });

  it('waits longer after each failure, until it is woken', async () => {
    const store = newStore();
    let attempts = 0;
    const { sink } = fakeSink('a', () => {
      attempts += 1;
      return false;
    });
    store.addAlert(alertOf('1'), ['a']);
    const { pump, faults } = start(store, [sink], {
      firstRetryMs: LONG_MS,
      longestRetryMs: LONG_MS,
    });
    await expect.poll(() => faults).toHaveLength(1);
    await sleep(100);
    expect(attempts).toBe(1);
    pump.wake();
    await expect.poll(() => attempts).toBe(2);
  });

  it('gives up waiting for a sink that never answers', async () => {
    const store = newStore();
    const silent = fakeSink('silent', () => new Promise<never>(() => undefined));
    const { faults, add } = start(store, [silent.sink], { sendTimeoutMs: 30 });
    add(alertOf('1'));
    await expect.poll(() => faults[0]).toBe('silent: sink silent did not acknowledge within 30 ms');
    expect(store.unsent('silent', 9)).toHaveLength(1);
  });

  it('does not wait for a sink that never answers when it stops', async () => {
    const store = newStore();
    let asked = false;
    const silent = fakeSink('silent', () => {
      asked = true;
      return new Promise<never>(() => undefined);
    });
    const { pump, add } = start(store, [silent.sink], { sendTimeoutMs: LONG_MS });
    add(alertOf('1'));
    await expect.poll(() => asked).toBe(true);
    await pump.stop();
    expect(store.unsent('silent', 9)).toHaveLength(1);
  });

  it('sends what the store could not save', async () => {
    const store = newStore();
    let away = true;
    const { sink, taken } = fakeSink('a', () => !away);
    const { pump } = start(store, [sink]);
    pump.sendUnsaved(alertOf('1'));
    expect(await pump.drain(30)).toBe(1);
    away = false;
    expect(await pump.drain(10_000)).toBe(0);
    expect(taken).toEqual(['1 opened']);
  });

  it('survives a store that fails for a while', async () => {
    const store = newStore();
    const { sink, taken } = fakeSink('a');
    let failures = 3;
    const shaky = {
      ...queueOf(store),
      unsent: (sinkId: string, limit: number) => {
        failures -= 1;
        if (failures >= 0) throw new Error('database is locked');
        return store.unsent(sinkId, limit);
      },
    };
    store.addAlert(alertOf('1'), ['a']);
    const { faults } = start(store, [sink], { store: shaky });
    await expect.poll(() => taken).toEqual(['1 opened']);
    expect(faults).toEqual(Array(3).fill('a: database is locked'));
  });

  it('loses nothing while the broker is away, comes back, and goes again', async () => {
    const store = newStore();
    const port = await freePort();
    const options = mqttSink.options.parse({ broker: { url: `mqtt://127.0.0.1:${port}` } });
    let wake: () => void = () => undefined;
    const context = {
      node: 'n',
      version: '1',
      streams: [],
      log: () => undefined,
      ready: () => wake(),
    };
    const sink = mqttSink.create(options, context);
    onTestFinished(() => sink.close());
    const { pump, add } = start(store, [sink], { firstRetryMs: 50, longestRetryMs: 200 });
    wake = pump.wake;
    const heard: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 5; i += 1) add(alertOf(`${round}-${i}`));
      await sleep(60);
      const close = await brokerThatHears(port, heard);
      for (let i = 5; i < 10; i += 1) add(alertOf(`${round}-${i}`));
      if (round < 2)
        await sleep(round * 20); // now in the middle of the sending, now after it
      else expect(await pump.drain(15_000)).toBe(0);
      await close();
    }
    const sent = Array.from({ length: 30 }, (_, i) => `${Math.floor(i / 10)}-${i % 10}`);
    expect([...new Set(heard)]).toEqual(sent); // in order, doubles aside
  });
});
