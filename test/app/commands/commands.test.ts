import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { commands } from '../../../src/app/commands/index.ts';
import { verbs } from '../../../src/app/commands/verbs.ts';
import { undescribed } from '../../contracts/plugin-folder.ts';
import { alertOf } from '../../io/alerts.ts';
import { START_MS } from '../../io/store/open-store.ts';
import { daemonControl, data, objection } from './control.ts';

const MINUTE_MS = 60_000;

describe('commands', () => {
  it('are those that programs know by name', () => {
    expect([...commands.keys()]).toEqual([...verbs.keys()]);
  });

  it.each([...commands.values()])(
    '$verb describes itself and refuses unknown keys',
    async (command) => {
      expect(verbs.get(command.verb)?.summary).toMatch(/\w/);
      expect(undescribed(command.request)).toEqual([]);
      const reply = await daemonControl().ask(command.verb, { unheardOf: 1 });
      expect(reply).toMatchObject({ status: 'error', code: 'CONFIG' });
    },
  );

  it('answers an unknown verb, and what is no request, with what there is', async () => {
    const { ask } = daemonControl();
    expect(await ask('dance')).toEqual(
      objection('choose one of health_check, info, alerts, rows, ack'),
    );
    expect(await ask('silence', 'please')).toEqual(
      objection('request silence: found a text, expected a mapping'),
    );
  });

  it.each([
    ['models', {}, 'request models: stream: required; there are motor, pump'],
    ['silence', { minutes: 'ten' }, 'request silence: minutes: found a text, expected a number'],
    ['silence', {}, 'request silence: minutes: required'],
    [
      'silence',
      { minutes: 1, steam: 'motor' },
      "request silence: steam: unknown, expected one of stream, minutes; did you mean 'stream'?",
    ],
    ['info', { x: 1 }, 'request info: x: unknown, expected no key'],
    ['normal', { preview: true }, 'request normal: expected alert or stream'],
    [
      'maintenance',
      { action: 'ad' },
      "request maintenance: action: found a text, expected one of list, add, remove; did you mean 'add'?",
    ],
  ])('names a fault of %s %j in words (#21)', async (verb, request, words) => {
    const { ask } = daemonControl();
    expect(await ask(verb, request)).toMatchObject({ status: 'error', error: words });
  });

  it('answers a bug with one line and keeps the stack for the log', async () => {
    const { ask, context, said } = daemonControl();
    vi.spyOn(context.store, 'openAlerts').mockImplementation(() => {
      throw new TypeError('broken');
    });
    expect(await ask('ack', { stream: 'motor' })).toMatchObject({ status: 'error', code: 'BUG' });
    expect(said.at(-1)).toMatchObject({ level: 50, msg: 'bug in a request' });
  });
});

describe('health_check', () => {
  it('finds nothing wrong with a daemon that scores', async () => {
    expect(await daemonControl().ask('health_check')).toEqual(
      data({ healthy: true, uptimeS: 3600 }),
    );
  });

  it('names what is wrong, a line each', async () => {
    const streams = [{ id: 'motor', scored: 9, lastMs: START_MS, score: 0.4, silentS: 61 }];
    const { ask } = daemonControl({
      streams,
      waiting: { mqtt: 11, log: 1 },
      dropped: 2,
      problems: ['the disk is full'],
    });
    const problems = [
      'the disk is full',
      "stream 'motor' had no score for 61 s",
      "11 alert states wait for sink 'mqtt'",
      '2 alert states were dropped unsent',
    ];
    expect(await ask('health_check')).toEqual(data({ healthy: false, problems }));
  });

  it('does not call a stream silent that learns, or whose rows are far apart', async () => {
    const learning = { id: 'motor', scored: 0, lastMs: null, score: null, silentS: null };
    expect(await daemonControl({ streams: [learning] }).ask('health_check')).toEqual(
      data({ healthy: true }),
    );
    for (const [silentS, healthy] of [
      [299, true],
      [301, false],
    ] as const) {
      const { ask, context } = daemonControl({ streams: [{ ...learning, scored: 1, silentS }] });
      const far = { id: 'motor', channels: [], intervalMs: 60_000, model: null };
      vi.spyOn(context, 'info').mockReturnValue({ ...context.info(), streams: [far] });
      expect(await ask('health_check')).toEqual(data({ healthy }));
    }
  });
});

describe('info', () => {
  it('reports for each stream what it is and what was decided', async () => {
    const { ask, store, decided } = daemonControl();
    decided.quiet.silence('pump', 1);
    for (const id of ['a', 'b', 'c']) store.addAlert(alertOf(id), []);
    for (const id of ['b', 'c']) await ask('ack', { alert: id });
    store.addAlert(alertOf('c', 'closed'), []);
    const reply = await ask('info');
    expect(reply).toMatchObject({
      data: {
        node: 'pi',
        streams: [
          { id: 'motor', silencedUntilMs: null, open: ['a', 'b'], acknowledged: ['b'] },
          { id: 'pump', silencedUntilMs: START_MS + MINUTE_MS, maintenance: null },
        ],
      },
    });
  });
});

describe('ack', () => {
  it('acknowledges one alert, and tells those who show it', async () => {
    const { ask, store, decided, changed } = daemonControl();
    store.addAlert(alertOf('a'), []);
    expect(await ask('ack', { alert: 'a' })).toEqual(data({ acknowledged: ['a'] }));
    expect(decided.standing('motor').acknowledged).toEqual(['a']);
    expect(changed).toHaveBeenCalledOnce();
  });

  it('acknowledges all open alerts of a stream', async () => {
    const { ask, store } = daemonControl();
    for (const id of ['a', 'b', 'c']) store.addAlert(alertOf(id), []);
    store.addAlert(alertOf('b', 'closed'), []);
    store.addAlert(alertOf('d', 'opened', { streamId: 'pump' }), []);
    expect(await ask('ack', { stream: 'motor' })).toEqual(data({ acknowledged: ['a', 'c'] }));
  });

  it('objects to what it does not know', async () => {
    const { ask } = daemonControl();
    expect(await ask('ack', { alert: 'x' })).toEqual(objection("alert 'x' is unknown"));
    expect(await ask('ack', { stream: 'x' })).toEqual(objection('choose one of motor, pump'));
    expect(await ask('ack', {})).toEqual(objection('expected either alert or stream'));
  });
});

describe('silence', () => {
  it('silences a stream or all of them, and ends it with 0 minutes', async () => {
    const { ask, decided } = daemonControl();
    const until = new Date(START_MS + 90 * MINUTE_MS).toISOString();
    expect(await ask('silence', { stream: 'motor', minutes: 90 })).toEqual(
      data({ silences: [{ stream: 'motor', until }] }),
    );
    expect(decided.quiet.holds('motor', START_MS)).toBe(true);
    expect(decided.quiet.holds('pump', START_MS)).toBe(false);
    await ask('silence', { minutes: 5 });
    expect(decided.quiet.holds('pump', START_MS)).toBe(true);
    await ask('silence', { minutes: 0 });
    expect(decided.standing('motor').silencedUntilMs).toBeNull();
    expect(await ask('silence', { minutes: 1e9 })).toEqual(objection('minutes'));
  });
});

describe('maintenance', () => {
  it('adds, lists and removes windows that recur', async () => {
    const { ask, store } = daemonControl();
    const backup = { action: 'add', weekdays: 'sun, mon', time: '03:30', minutes: 45 };
    const window = { id: 'window-1', stream: null, weekdays: ['sun', 'mon'], time: '03:30' };
    expect(await ask('maintenance', backup)).toEqual(
      data({ windows: [{ ...window, minutes: 45, open: expect.any(Boolean) }] }),
    );
    await ask('maintenance', {
      action: 'add',
      id: 'nightly',
      time: '02:00',
      minutes: 5,
      stream: 'motor',
    });
    const listed = await ask('maintenance', { action: 'list' });
    expect(listed).toMatchObject({
      data: { windows: [window, { id: 'nightly', stream: 'motor', weekdays: { length: 7 } }] },
    });
    await ask('maintenance', { action: 'remove', id: 'window-1' });
    expect(store.decisions.list('maintenance').map(({ id }) => id)).toEqual(['nightly']);
  });

  it('opens a single window now, or at a time', async () => {
    const { ask, decided } = daemonControl();
    await ask('maintenance', { action: 'add', minutes: 10, stream: 'motor' });
    expect(decided.standing('motor').maintenance).toBe('window-1');
    expect(decided.standing('pump').maintenance).toBeNull();
    const at = '2026-11-24T02:00:00+01:00';
    const reply = await ask('maintenance', { action: 'add', minutes: 10, at });
    expect(reply).toMatchObject({
      data: { windows: [{ open: true }, { at: '2026-11-24T01:00:00.000Z', open: false }] },
    });
    expect(decided.quiet.holds('pump', Date.parse(at))).toBe(true);
  });

  it('objects to windows that cannot be', async () => {
    const { ask } = daemonControl();
    const add = { action: 'add', minutes: 5 };
    const refused = [
      [{ ...add, time: '24:00' }, 'expected HH:MM'],
      [{ ...add, weekdays: ['sun'] }, 'weekdays need a time'],
      [{ ...add, weekdays: ['sunday'], time: '10:00' }, 'weekdays'],
      [{ ...add, time: '10:00', at: '2026-11-24T02:00:00Z' }, 'expected either time or at'],
      [{ ...add, minutes: 7 * 1440 }, 'minutes'],
      [{ ...add, stream: 'x' }, "stream 'x' is unknown"],
      [{ action: 'remove', id: 'x' }, "maintenance window 'x' is unknown"],
      [{}, 'action'],
    ] as const;
    for (const [request, text] of refused) {
      expect(await ask('maintenance', request)).toEqual(objection(text));
    }
  });
});

describe('backup', () => {
  it('answers with the path of a copy that is there', async () => {
    const reply = await daemonControl().ask('backup');
    expect(reply).toMatchObject({ status: 'ok', data: { path: expect.any(String) } });
    const { path } = (reply as unknown as { data: { path: string } }).data;
    expect(existsSync(path)).toBe(true);
  });
});

describe('reload', () => {
  it('asks for it after the answer, and says where there is nothing to read', async () => {
    const reload = vi.fn<() => void>();
    expect(await daemonControl({}, reload).ask('reload')).toEqual(data({ reloading: true }));
    expect(reload).not.toHaveBeenCalled();
    await expect.poll(() => reload.mock.calls.length).toBe(1);
    expect(await daemonControl().ask('reload')).toEqual(
      objection('has no configuration to read again'),
    );
  });
});
