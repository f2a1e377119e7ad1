import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/app/commands/index.ts';
import { createLog } from '../../../src/app/log.ts';
import { SinkError } from '../../../src/core/errors.ts';
import type { Store } from '../../../src/core/store.ts';
import { alertOf } from '../../io/alerts.ts';
import { START_MS } from '../../io/store/open-store.ts';
import { daemonControl, data, objection } from './control.ts';

/** A daemon control whose sinks are mqtt and log; x was set aside for mqtt, y waits for it, and z for one that is gone. */
function stuck() {
  const made = daemonControl();
  const { store } = made;
  store.addAlert(alertOf('x'), ['mqtt']);
  const [entry] = store.unsent('mqtt', 1);
  if (!entry) throw new RangeError('nothing waits');
  store.setAside(entry, 'a bug');
  store.addAlert(alertOf('y'), ['mqtt']);
  store.addAlert(alertOf('z'), ['gone']);
  return { ...made, sequence: entry.sequence };
}

const QUIET = createLog({ level: 'error', style: 'json', write: () => undefined });

const waiting = (store: Store, sink: string) => store.unsent(sink, 9).map(({ alert }) => alert.id);

describe('outbox', () => {
  it('lists by sink what waits and what was set aside, unless told otherwise', async () => {
    const { ask, changed, sequence } = stuck();
    const at = new Date(START_MS).toISOString();
    const entry = { sequence, alert: 'x', stream: 'motor', state: 'opened', queued: at };
    const sinks = [
      {
        ...{ sink: 'mqtt', configured: true, waiting: 1, oldest: at, setAside: 1 },
        entries: [{ ...entry, reason: 'a bug' }],
      },
      { sink: 'log', configured: true, waiting: 0, oldest: null, setAside: 0, entries: [] },
      { sink: 'gone', configured: false, waiting: 1, oldest: at, setAside: 0, entries: [] },
    ];
    for (const request of [{}, { action: 'list' }]) {
      expect(await ask('outbox', request)).toEqual({ status: 'ok', data: { sinks } });
    }
    expect(changed).not.toHaveBeenCalled();
  });

  it('moves what waits for a sink that is gone to one that is there', async () => {
    const { ask, store, changed } = stuck();
    const moved = await ask('outbox', { action: 'move', from: 'gone', to: 'log' });
    expect(moved).toEqual(data({ moved: 1 }));
    expect(waiting(store, 'log')).toEqual(['z']);
    expect(changed).toHaveBeenCalledOnce();
    for (const [from, to, reason] of [
      ['gone', 'log', "no alert state waits for sink 'gone': choose one of log, mqtt"],
      ['mqtt', 'gone', "cannot go to sink 'gone': choose one of log"],
      ['mqtt', 'mqtt', "cannot go to sink 'mqtt': choose one of log"],
    ] as const) {
      expect(await ask('outbox', { action: 'move', from, to })).toEqual(objection(reason));
    }
  });

  it('drops of a sink that is there what was set aside, and the rest only when it is told to', async () => {
    const { ask, store } = stuck();
    const drop = (sink: string, more: object = {}) =>
      ask('outbox', { action: 'drop', sink, ...more });
    expect(await drop('mqtt')).toEqual(data({ dropped: 1 }));
    expect(waiting(store, 'mqtt')).toEqual(['y']);
    expect(await drop('mqtt')).toEqual(
      objection(
        "sink 'mqtt' is configured and will send what waits for it (1): all=true drops it unsent",
      ),
    );
    expect(await drop('mqtt', { all: true })).toEqual(data({ dropped: 1 }));
    expect(await drop('gone')).toEqual(data({ dropped: 1 }));
    expect(await drop('gone')).toEqual(objection('the outbox is empty'));
    expect(store.states('z')).toHaveLength(1);
  });

  it('sends failed alert states again, one or all of a sink', async () => {
    const { ask, store, sequence, changed } = stuck();
    const retry = (request: object) => ask('outbox', { action: 'retry', ...request });
    expect(await retry({ sequence })).toEqual(data({ retried: 1 }));
    expect(waiting(store, 'mqtt')).toEqual(['x', 'y']);
    expect(changed).toHaveBeenCalledOnce();
    expect(await retry({ sequence })).toEqual(
      objection(`no alert state with the number ${sequence} was set aside`),
    );
    expect(await retry({ sink: 'log' })).toEqual(objection("no alert state of sink 'log'"));
    expect(await ask('outbox', { action: 'send' })).toEqual(
      objection('expected list, move, drop or retry'),
    );
    expect(await retry({})).toEqual(objection('expected either sequence or sink'));
  });
});

describe('test-sink (#21)', () => {
  it('says what the other side of a sink answered, and which sinks can be tested', async () => {
    const { context } = daemonControl();
    const ntfy = { id: 'ntfy', test: () => Promise.resolve('https://ntfy.sh answered 200') };
    const down = { id: 'down', test: () => Promise.reject(new SinkError('sink down: no answer')) };
    const outbox = { ...context.outbox, sinks: () => [{ id: 'mqtt' }, ntfy, down] };
    const ask = (id: string) => execute('test-sink', { id }, { ...context, outbox }, QUIET);
    expect(await ask('ntfy')).toEqual(
      data({ sink: 'ntfy', answer: 'https://ntfy.sh answered 200' }),
    );
    expect(await ask('down')).toMatchObject({ code: 'SINK', error: 'sink down: no answer' });
    expect(await ask('mqtt')).toEqual(
      objection("sink 'mqtt' has no test message: choose one of ntfy, down"),
    );
    expect(await ask('other')).toEqual(objection("sink 'other' is unknown: choose one of ntfy"));
  });
});
