import { describe, expect, it } from 'vitest';
import { alertOf } from '../../io/alerts.ts';
import { START_MS } from '../../io/store/open-store.ts';
import { daemonControl, data, objection } from './control.ts';

const DAY_MS = 86_400_000;

describe('alerts', () => {
  it('lists the newest state of each alert of some days, as they opened', async () => {
    const { ask, store } = daemonControl();
    const at = (days: number) => ({ startMs: START_MS - days * DAY_MS, timeMs: START_MS - 1000 });
    store.addAlert(alertOf('later', 'opened', at(0.5)), []);
    store.addAlert(alertOf('early', 'opened', { ...at(2), streamId: 'pump' }), []);
    store.addAlert(alertOf('later', 'closed', at(0.5)), []);
    store.addAlert(alertOf('old', 'opened', { timeMs: START_MS - 8 * DAY_MS }), []);
    const early = expect.objectContaining({ id: 'early', event_type: 'opened' });
    const later = expect.objectContaining({ id: 'later', event_type: 'closed' });
    expect(await ask('alerts')).toEqual(data({ alerts: [early, later] }));
    expect(await ask('alerts', { stream: 'motor' })).toEqual(data({ alerts: [later] }));
    const old = expect.objectContaining({ id: 'old' });
    expect(await ask('alerts', { days: 9 })).toEqual(
      data({ alerts: expect.arrayContaining([old]) }),
    );
    expect(await ask('alerts', { stream: 'x' })).toEqual(objection('choose one of motor, pump'));
  });
});

describe('rows', () => {
  const channels = [
    { id: 'vibration', unit: 'mm/s' },
    { id: 'current', unit: 'A' },
  ];

  it('are answered with the alert: what was read, and what was expected', async () => {
    const { ask, store } = daemonControl();
    store.addAlert(alertOf('a'), []);
    const timeMs = Float64Array.of(START_MS, START_MS + 1000);
    const values = Float64Array.of(0.1, Number.NaN, 0.2, 5);
    store.rows.keep('a', { id: 'a', channels, timeMs, values });
    expect(await ask('rows', { alert: 'a' })).toEqual({
      status: 'ok',
      data: {
        alert: expect.objectContaining({
          id: 'a',
          attribution: expect.arrayContaining([
            expect.objectContaining({ channel: 'vibration', value: 9.1, expected: 3.2 }),
          ]),
        }),
        channels,
        ts: ['2026-11-24T00:00:00.000Z', '2026-11-24T00:00:01.000Z'],
        rows: [
          [0.1, null],
          [0.2, 5],
        ],
      },
    });
  });

  it('are none of an alert that has none, and an objection where there is no alert', async () => {
    const { ask, store } = daemonControl();
    store.addAlert(alertOf('a'), []);
    expect(await ask('rows', { alert: 'a' })).toEqual(data({ channels: [], ts: [], rows: [] }));
    expect(await ask('rows', { alert: 'b' })).toEqual(objection("alert 'b' is unknown"));
  });
});
