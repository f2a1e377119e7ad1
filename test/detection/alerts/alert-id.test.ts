import { describe, expect, it } from 'vitest';
import { alertId, closeAlert } from '../../../src/detection/alerts/alert-id.ts';
import { policy, run } from './rows.ts';

describe('alert-id', () => {
  it('differs by kind, stream and start, and by nothing else', () => {
    expect(alertId('anomaly', 'host', 1000)).toBe('anomaly-host-1000');
    const ids = new Set([
      alertId('anomaly', 'host', 1000),
      alertId('stuck', 'host', 1000),
      alertId('anomaly', 'pump', 1000),
      alertId('anomaly', 'host', 2000),
    ]);
    expect(ids.size).toBe(4);
    expect(alertId('anomaly', 'host', 1000.3)).toBe('anomaly-host-1000');
  });

  it('closes an alert that nothing watches any more, when it was last heard of', () => {
    const [opened] = run(policy({ openCount: 1, openWithin: 1 }), [0, 3]);
    if (!opened) throw new Error('no alert');
    expect(closeAlert(opened)).toEqual({ ...opened, state: 'closed', endMs: 1000 });
  });
});
