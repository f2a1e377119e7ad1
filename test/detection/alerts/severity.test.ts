// Severity: how far an anomaly is beyond all that was normal, and how long it lasts (#21).
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import type { AlertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { policy, step } from './rows.ts';

const quick = { openCount: 1, openWithin: 1, coolDownMs: 0 };
const MINUTE_MS = 60_000;

interface Told {
  readonly rows: number;
  readonly ratio: number;
  readonly beyondSeen?: number;
  readonly everyMs?: number;
}

function severities(told: Told, options: Partial<AlertOptions> = {}): string {
  const { rows, ratio, beyondSeen, everyMs = MINUTE_MS } = told;
  const target = policy({ ...quick, ...options });
  const beyond = beyondSeen === undefined ? {} : { beyondSeen };
  const alerts: Alert[] = [];
  for (let row = 0; row < rows; row++) alerts.push(...step(target, row * everyMs, ratio, beyond));
  return alerts.map(({ severity, timeMs }) => `${severity}@${timeMs / everyMs}`).join(' ');
}

describe('severity', () => {
  it('follows what was seen, not the level: a score of which there were higher ones is an info', () => {
    expect(severities({ rows: 5, ratio: 9, beyondSeen: 1.2 })).toBe('info@0');
    expect(severities({ rows: 5, ratio: 1.1, beyondSeen: 1.5 })).toBe('warning@0');
    expect(severities({ rows: 5, ratio: 1.1, beyondSeen: 4 })).toBe('critical@0');
  });

  it('follows the level where no normal rows are known', () => {
    expect(severities({ rows: 5, ratio: 1.1 })).toBe('info@0');
    expect(severities({ rows: 5, ratio: 1.5 })).toBe('warning@0');
    expect(severities({ rows: 5, ratio: 4 })).toBe('critical@0');
  });

  it('rises with time: a weak one that lasts is a warning, a strong one critical', () => {
    expect(severities({ rows: 600, ratio: 2, beyondSeen: 1.1 })).toBe('info@0 warning@30');
    expect(severities({ rows: 600, ratio: 2, beyondSeen: 1.6 })).toBe('warning@0 critical@31');
    expect(severities({ rows: 600, ratio: 2, beyondSeen: 1.6 }, { longMs: MINUTE_MS * 90 })).toBe(
      'warning@0 critical@91',
    );
  });

  it('does not take a few rows of a slow grid for a long time', () => {
    const slow = { everyMs: 60 * MINUTE_MS, ratio: 2 };
    expect(severities({ rows: 9, ...slow, beyondSeen: 1.1 })).toBe('info@0');
    expect(severities({ rows: 30, ...slow, beyondSeen: 1.1 })).toBe('info@0 warning@10');
  });

  it('does not count the time of a restart, and never falls with it', () => {
    const target = policy(quick);
    const [opened] = step(target, 0, 2, { beyondSeen: 5 });
    expect(opened?.severity).toBe('critical');
    const resumed = policy(quick, {
      resume: [{ ...(opened as Alert), evidence: { path: 'score' } }],
    });
    expect(step(resumed, 24 * 60 * MINUTE_MS, 1.1, { beyondSeen: 1.1 })).toEqual([]);
    const closed = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].flatMap((row) => [
      ...step(resumed, 24 * 60 * MINUTE_MS + row * MINUTE_MS, 0),
    ]);
    expect(closed).toMatchObject([{ state: 'closed', severity: 'critical' }]);
  });
});
