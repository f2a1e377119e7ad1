import { describe, expect, it } from 'vitest';
import { alertOf } from '../../io/alerts.ts';
import { START_MS } from '../../io/store/open-store.ts';
import { daemonControl, data, objection } from './control.ts';

describe('normal', () => {
  const alert = alertOf('a', 'closed', { peak: 3, level: 0.5, timeMs: START_MS - 5000 });

  it('calls an alert normal, by id or as the newest of a stream, and tells those who show it', async () => {
    const { ask, store, decided, changed } = daemonControl();
    store.addAlert(alertOf('old', 'closed', { timeMs: START_MS - 9000 }), []);
    store.addAlert(alert, []);
    store.addAlert(alertOf('stuck', 'closed', { kind: 'stuck', timeMs: START_MS - 1000 }), []);
    const quiet = expect.stringContaining('vibration (up to 10.6 mm/s)');
    const reply = await ask('normal', { stream: 'motor' });
    expect(reply).toEqual(data({ alert: 'a', normal: true, quiet }));
    expect(decided.answers.of('a')).toBeDefined();
    expect(changed).toHaveBeenCalledOnce();
    expect(await ask('normal', { alert: 'a', undo: true })).toEqual(data({ was: true }));
    expect(decided.answers.of('a')).toBeUndefined();
  });

  it('objects to alerts that are no anomaly, and to none', async () => {
    const { ask, store } = daemonControl();
    store.addAlert(alertOf('stuck', 'opened', { kind: 'stuck' }), []);
    expect(await ask('normal', { alert: 'stuck' })).toEqual(objection('is of kind stuck'));
    expect(await ask('normal', { stream: 'pump' })).toEqual(objection('no anomaly within a day'));
  });

  it('asks which is meant when several anomalies of a stream are open (#21)', async () => {
    const { ask, store, decided } = daemonControl();
    store.addAlert(alertOf('a', 'opened', { timeMs: START_MS - 5000 }), []);
    store.addAlert(alertOf('limit', 'opened', { kind: 'limit', timeMs: START_MS - 3000 }), []);
    store.addAlert(alert, []);
    store.addAlert(alertOf('b', 'opened', { timeMs: START_MS - 4000 }), []);
    expect(await ask('normal', { stream: 'motor' })).toEqual(data({ alert: 'b' }));
    store.addAlert(alertOf('c', 'opened', { timeMs: START_MS - 3000 }), []);
    for (const how of [{}, { preview: true }, { stays: true }, { undo: true }]) {
      const reply = await ask('normal', { stream: 'motor', ...how });
      expect(reply).toEqual(objection('has 2 open anomalies'));
      expect(reply).toEqual(objection('b (Vibration'));
      expect(reply).toEqual(objection('c (Vibration'));
    }
    expect(decided.answers.of('c')).toBeUndefined();
  });

  it('accepts what will stay, where the alert is open, and answers only one way at a time (#21)', async () => {
    const { ask, store, decided, accept } = daemonControl();
    store.addAlert(alert, []);
    const accepted = { alert: 'a', accepted: true, trains: true };
    expect(await ask('normal', { stream: 'motor', stays: true })).toEqual(data(accepted));
    expect(accept).toHaveBeenCalledWith('motor', 'a');
    expect(decided.answers.of('a')).toBeUndefined();
    accept.mockReturnValue(false);
    store.addAlert({ ...alert, id: 'stayed', outcome: 'accepted' }, []);
    const again = { alert: 'stayed', accepted: true, was: true };
    expect(await ask('normal', { alert: 'stayed', stays: true })).toEqual(data(again));
    expect(await ask('normal', { alert: 'a', stays: true })).toEqual(objection('is not open'));
    expect(await ask('normal', { alert: 'a', stays: true, undo: true })).toEqual(
      objection('expected one of preview, stays, undo'),
    );
  });
});
