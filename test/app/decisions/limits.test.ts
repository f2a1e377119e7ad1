import { describe, expect, it } from 'vitest';
import { openDecided } from '../../../src/app/decisions/decided.ts';
import type { Alert, AlertChannel } from '../../../src/core/alert.ts';
import { alertOf } from '../../io/alerts.ts';
import { open } from '../../io/store/open-store.ts';

const vibration: AlertChannel = {
  ...{ id: 'vibration', unit: 'mm/s', share: 0.9, value: 9.1, expected: 3.2 },
};
const current: AlertChannel = { ...vibration, id: 'current', unit: 'A', share: 0.6 };

function scene() {
  const { store, clock } = open();
  const decided = openDecided(store, () => clock.nowMs);
  const save = (alert: Alert): string => {
    const kept = decided.muted(alert);
    store.addAlert(kept, []);
    return kept.silenced ? `kept for ${kept.limit}` : kept.state;
  };
  return {
    ...{ decided, save },
    /** A state of an anomaly of that channel, or of these. */
    anomaly: (state: Alert['state'], changes: Partial<Alert> = {}) =>
      save(alertOf('a', state, { channels: [vibration], ...changes })),
    limit: (state: Alert['state'], changes: Partial<Alert> = {}) =>
      save(alertOf('l', state, { kind: 'limit', channels: [vibration], ...changes })),
  };
}

describe('an anomaly of a channel that is beyond its limit (#21)', () => {
  it('is kept and not sent while the alert of the limit is open, which says the same', () => {
    const { anomaly, limit } = scene();
    expect(limit('opened')).toBe('opened');
    expect(anomaly('opened')).toBe('kept for l');
    expect(anomaly('updated')).toBe('kept for l');
    expect(anomaly('closed')).toBe('kept for l');
    expect(limit('closed')).toBe('closed');
    expect(anomaly('opened', { id: 'b' })).toBe('opened');
  });

  it('is sent when it outlasts that alert, at its next row', () => {
    const { anomaly, limit, decided } = scene();
    limit('opened');
    anomaly('opened');
    limit('closed');
    // what is like nothing is updated with the next row
    expect([...decided.keptBack('motor')].map(([id, { channels }]) => [id, channels])).toEqual([
      ['a', []],
    ]);
    expect(anomaly('updated')).toBe('opened');
    expect(anomaly('closed')).toBe('closed');
  });

  it('sends no update of its own once the limit is broken, but its end, where it came first', () => {
    const { anomaly, limit } = scene();
    expect(anomaly('opened')).toBe('opened');
    expect(limit('opened')).toBe('opened');
    expect(anomaly('updated')).toBe('kept for l');
    expect(limit('updated')).toBe('updated');
    expect(anomaly('closed')).toBe('closed');
  });

  it('is sent when it says more: of another channel, or graver', () => {
    const { anomaly, limit } = scene();
    limit('opened');
    expect(anomaly('opened', { channels: [vibration, current] })).toBe('opened');
    expect(anomaly('opened', { id: 'b', channels: [current] })).toBe('opened');
    expect(anomaly('opened', { id: 'c', streamId: 'pump' })).toBe('opened');
    expect(anomaly('opened', { id: 'd', severity: 'critical' })).toBe('opened');
  });

  it('is sent where the channel had another unit', () => {
    const { anomaly, limit } = scene();
    limit('opened', { channels: [{ ...vibration, unit: 'in/s' }] });
    expect(anomaly('opened')).toBe('opened');
  });

  it('goes with several limits', () => {
    const { anomaly, limit } = scene();
    limit('opened');
    limit('opened', { id: 'm', channels: [current] });
    expect(anomaly('opened', { channels: [vibration, current] })).toBe('kept for l');
  });
});
