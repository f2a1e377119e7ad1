import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/core/errors.ts';
import type { OutboxSettings } from '../../../src/io/store/outbox.ts';
import { alertOf } from '../alerts.ts';
import { tempFolder } from '../temp-folder.ts';
import { fakeSink, newStore, queueOf, start } from './pump.ts';

describe('outbox with a sink that fails by a bug', () => {
  it('sets aside what its sink cannot send, says so once, and goes on with the others (#18)', async () => {
    const path = join(tempFolder(), 'history.db');
    const store = newStore(path);
    const { sink, taken } = fakeSink('a', ({ id }) => {
      if (id === 'bad') throw new RangeError('Invalid time value');
      return true;
    });
    const aside: string[] = [];
    const onSetAside: OutboxSettings['onSetAside'] = ({ sinkId, alert }, { message }) =>
      void aside.push(`${sinkId} ${alert.id} ${alert.state}: ${message}`);
    const { pump, faults, add } = start(store, [sink], { onSetAside });
    for (const id of ['1', 'bad', '2', '3']) add(alertOf(id));
    await expect.poll(() => aside).toEqual(['a bad opened: Invalid time value']);
    expect(await pump.drain(10_000)).toBe(0);
    expect([...new Set(taken)].sort()).toEqual(['1 opened', '2 opened', '3 opened']);
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(store.backlog()).toMatchObject({ waiting: {}, setAside: { a: 1 } });
    await pump.stop();
    const again = fakeSink('a', () => false);
    start(store, [again.sink]);
    await sleep(50);
    expect(store.outbox.queues()).toMatchObject([
      { sinkId: 'a', waiting: 0, setAside: [{ alertId: 'bad', reason: 'Invalid time value' }] },
    ]);
  });

  it('finds one that gets through behind any number that cannot be sent', async () => {
    const store = newStore();
    const { sink, taken } = fakeSink('a', ({ id }) => {
      if (id.startsWith('bad')) throw new TypeError('a bug');
      return true;
    });
    for (let n = 0; n < 130; n += 1) store.addAlert(alertOf(`bad${n}`), ['a']);
    store.addAlert(alertOf('good'), ['a']);
    const { pump } = start(store, [sink]);
    await expect.poll(() => taken).toEqual(['good opened']);
    expect(await pump.drain(10_000)).toBe(0);
    expect(store.backlog()).toMatchObject({ waiting: {}, setAside: { a: 130 } });
  });

  it('does not wait for what cannot be sent although the store cannot record it', async () => {
    const real = newStore();
    const { sink, taken } = fakeSink('a', ({ id }) => {
      if (id === 'bad') throw new TypeError('a bug');
      return true;
    });
    const store = {
      ...queueOf(real),
      setAside() {
        throw new StoreError('no space left');
      },
    };
    const { pump, add } = start(real, [sink], { store });
    pump.sendUnsaved(alertOf('bad', 'closed'));
    for (const id of ['bad', '1', '2', '3', '4']) add(alertOf(id));
    await expect.poll(() => new Set(taken).size).toBe(4);
    expect(real.backlog().waiting).toEqual({ a: 1 });
  });

  it('sets nothing aside while the sink fails at everything, and sends all when it no longer does', async () => {
    const store = newStore();
    let broken = true;
    const { sink, taken } = fakeSink('a', () => {
      if (broken) throw new TypeError('not connected');
      return true;
    });
    const { pump, faults, add } = start(store, [sink]);
    const ids = ['1', '2', '3'];
    for (const id of ids) add(alertOf(id));
    for (const id of ids) add(alertOf(id, 'closed'));
    await expect.poll(() => faults.length).toBeGreaterThan(15);
    expect(store.backlog()).toMatchObject({ waiting: { a: 6 }, setAside: {} });
    broken = false;
    expect(await pump.drain(10_000)).toBe(0);
    for (const id of ids) {
      expect(taken.filter((said) => said.startsWith(id))).toEqual([`${id} opened`, `${id} closed`]);
    }
    expect(store.backlog().setAside).toEqual({});
  });
});
