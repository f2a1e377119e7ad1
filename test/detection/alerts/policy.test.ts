import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { LEVEL, policy, run, step, times } from './rows.ts';

const HOUR_MS = 3_600_000;
const quick = { openCount: 1, openWithin: 1, closeAfter: 2, coolDownMs: 0 };

function brief(alerts: readonly Alert[]): string {
  return alerts.map(({ state, timeMs }) => `${state}@${timeMs / 1000}`).join(' ');
}

describe('alert policy', () => {
  it('opens, updates and closes one anomaly under one id', () => {
    const rows = [...times(5, 0.5), ...times(5, 1.2), ...times(3, 2), ...times(60, 0.1)];
    const alerts = run(policy(), rows);
    expect(brief(alerts)).toBe('opened@7 updated@10 closed@42');
    expect(new Set(alerts.map(({ id }) => id))).toEqual(new Set(['anomaly-s-5000']));
    expect(alerts[0]).toEqual({
      id: 'anomaly-s-5000',
      kind: 'anomaly',
      streamId: 's',
      state: 'opened',
      severity: 'info',
      timeMs: 7000,
      startMs: 5000,
      endMs: null,
      score: 1.2,
      peak: 1.2,
      level: LEVEL,
      channels: [
        { id: 'cpu', unit: '%', share: expect.closeTo(0.75, 6), value: 120, expected: 15 },
        { id: 'disk', unit: 'B/s', share: expect.closeTo(0.25, 6), value: 1e6, expected: 1e6 },
      ],
      modelId: 'm',
      imputed: 0,
      evidence: { path: 'score' },
    });
    expect(alerts[2]).toMatchObject({ startMs: 5000, endMs: 12_000, peak: 2, score: 0.1 });
    expect(alerts[2]?.channels[0]?.value).toBe(200);
  });

  it('opens when N of the last M rows are anomalous, wherever they lie', () => {
    const options = { openCount: 2, openWithin: 4 };
    expect(brief(run(policy(options), [2, 0, 0, 2]))).toBe('opened@3');
    expect(run(policy(options), [2, 0, 0, 0, 2, 0, 0, 0, 2])).toEqual([]);
  });

  it('ignores spikes shorter than the minimum duration, and starts the alert where they began', () => {
    const options = { ...quick, minDurationMs: 4000 };
    expect(run(policy(options), [...times(4, 2), ...times(10, 0)])).toEqual([]);
    const [opened] = run(policy(options), [0, 5, ...times(4, 2)]);
    expect(opened).toMatchObject({ timeMs: 5000, startMs: 1000, peak: 5 });
  });

  it('stays open between closeBelow and 1, and does not open there', () => {
    const target = policy({ ...quick, closeBelow: 0.8 });
    expect(brief(run(target, [0.9, 0.9, 2, ...times(100, 0.85)]))).toBe('opened@2');
    expect(brief(run(target, times(2, 0.79), 103_000))).toBe('closed@104');
  });

  it('merges what returns within the cool-down and closes once', () => {
    const flapping = times(6, [...times(3, 2), ...times(12, 0.1)]).flat();
    const alerts = run(policy({ coolDownMs: 20_000 }), [...flapping, ...times(30, 0.1)]);
    expect(brief(alerts)).toBe('opened@2 closed@97');
    expect(alerts[1]?.endMs).toBe(77_000);
    const apart = run(policy({ coolDownMs: 5000 }), flapping);
    expect(apart.filter(({ state }) => state === 'closed').length).toBe(6);
  });

  it('rises in severity with the peak, at once, and never falls', () => {
    const options = { ...quick, warningAt: 2, criticalAt: 4 };
    const alerts = run(policy(options), [1.5, 3, 5, 1.1, 1.1, 0, 0]);
    expect(brief(alerts)).toBe('opened@0 updated@1 updated@2 closed@6');
    expect(alerts.map(({ severity }) => severity)).toEqual([
      'info',
      'warning',
      'critical',
      'critical',
    ]);
  });

  it('limits the rate of updates for a growing peak', () => {
    const options = {
      ...quick,
      warningAt: 1,
      criticalAt: 1,
      updateFactor: 2,
      updateEveryMs: 10_000,
    };
    const growing = Array.from({ length: 40 }, (_, i) => 2 ** (i / 2 + 1));
    expect(brief(run(policy(options), growing))).toBe('opened@0 updated@10 updated@20 updated@30');
    expect(brief(run(policy(options), times(40, 3)))).toBe('opened@0');
    expect(brief(run(policy(options), [2, ...times(20, 3.9)]))).toBe('opened@0');
  });

  it('is not kept open by single rows that would open none', () => {
    const spikes = times(20, [1.5, ...times(4, 0.1)]).flat();
    expect(brief(run(policy(), [...times(5, 2), ...spikes]))).toBe('opened@2 closed@35');
    const crowded = times(20, [1.5, 1.5, 1.5, 0.1, 0.1]).flat();
    expect(brief(run(policy(), [...times(5, 2), ...crowded]))).toBe('opened@2');
  });

  it('names the channels of the peak when it closes, not those of the quiet row', () => {
    const alerts = run(policy(quick), [2, 8, 2, 0, 0]);
    expect(alerts.at(-1)).toMatchObject({ state: 'closed', peak: 8, score: 0 });
    expect(alerts.at(-1)?.channels[0]?.value).toBe(800);
  });

  it.each([
    ['back', -HOUR_MS],
    ['forward', HOUR_MS],
  ])('closes with the last row when the clock jumps an hour %s, and goes on', (_, jumpMs) => {
    const target = policy({ ...quick, closeAfter: 5 });
    run(target, [0, 2, 2], 2 * HOUR_MS);
    const later = 2 * HOUR_MS + 3000 + jumpMs;
    const alerts = run(target, [3, 3, 0, 0, 0, 0, 0], later);
    expect(alerts.map(({ state }) => state)).toEqual(['closed', 'opened', 'closed']);
    expect(alerts[0]).toMatchObject({
      timeMs: 2 * HOUR_MS + 2000,
      endMs: 2 * HOUR_MS + 2000,
      peak: 2,
      score: 2,
    });
    expect(alerts[1]).toMatchObject({ startMs: later, timeMs: later });
  });

  it('does not take a slow grid for silence', () => {
    const target = policy({ ...quick, maxSilenceMs: 1000, remindAfterMs: 0 });
    const alerts = [0, 2, 2, 0, 0].flatMap((ratio, i) => [...step(target, i * HOUR_MS, ratio)]);
    expect(alerts.map(({ state }) => state)).toEqual(['opened', 'closed']);
    expect(alerts[1]?.endMs).toBe(2 * HOUR_MS);
  });

  it('gives the same alerts for the same rows', () => {
    const rows = [0, 2, 2, 2, 5, 0, 2, ...times(60, 0), 3, 3, 3];
    expect(run(policy(), rows)).toEqual(run(policy(), rows));
  });

  it('goes on with an anomaly that an earlier run left open', () => {
    const rows = [0, 2, 2, 2, 2, 2, 3.5, ...times(40, 0.1)];
    const whole = run(policy(), rows);
    for (let restart = 4; restart < rows.length; restart++) {
      const before = run(policy(), rows.slice(0, restart));
      const last = before.at(-1);
      const resume = last && last.state !== 'closed' ? [last] : [];
      // As the first windows after a restart come late, some rows are missing.
      const after = run(policy({}, { resume }), times(60, 0.1), restart * 1000 + 30_000);
      const all = [...before, ...after];
      expect(new Set(all.map(({ id }) => id))).toEqual(new Set([whole[0]?.id]));
      expect(all.filter(({ state }) => state === 'closed').length).toBe(1);
      expect(all.at(-1)?.peak).toBe(last?.peak);
    }
  });

  it('keeps a resumed anomaly open, unreported, while it lasts', () => {
    const [opened] = run(policy(quick), [3]) as [Alert];
    const target = policy({ ...quick, remindAfterMs: 0 }, { resume: [opened] });
    expect(run(target, times(10, 2), 24 * HOUR_MS)).toEqual([]);
    const [closed] = run(target, [0, 0], 24 * HOUR_MS + 10_000);
    expect(closed).toMatchObject({
      id: opened.id,
      startMs: 0,
      endMs: 24 * HOUR_MS + 9000,
      peak: 3,
    });
  });

  it('says how far the farthest row is beyond what was seen, also after a restart (#19)', () => {
    const target = policy({ ...quick, closeAfter: 1, updateEveryMs: 0 });
    expect(step(target, 0, 2, { beyondSeen: 1.5 })[0]?.evidence).toEqual({
      path: 'score',
      beyondSeen: 1.5,
    });
    step(target, 1000, 1.5, { beyondSeen: 3 }); // the score itself was higher before
    const [updated] = step(target, 2000, 5, { beyondSeen: 2 }) as [Alert];
    expect(updated).toMatchObject({ state: 'updated', evidence: { beyondSeen: 3 } });
    const resumed = policy({ ...quick, closeAfter: 1 }, { resume: [updated] });
    expect(step(resumed, 3000, 0)).toMatchObject([
      { state: 'closed', evidence: { beyondSeen: 3 } },
    ]);
  });

  it('resumes only anomalies', () => {
    const [opened] = run(policy(quick), [3]) as [Alert];
    const target = policy(quick, { resume: [{ ...opened, kind: 'stuck' }] });
    expect(run(target, [0, 0, 0], 5000)).toEqual([]);
  });

  it('closes what is open when the stream is over', () => {
    const target = policy(quick);
    expect(target.finish()).toEqual([]);
    run(target, [3, 0]);
    expect(target.finish()).toMatchObject([{ state: 'closed', timeMs: 1000, endMs: 0, peak: 3 }]);
    expect(target.finish()).toEqual([]);
  });

  it('is a life: opened, updated and closed in order, never two open, one id each', () => {
    const rows = fc.array(
      fc.record({
        ratio: fc.double({ min: 0, max: 6, noNaN: true }),
        dtMs: fc.oneof(
          { weight: 20, arbitrary: fc.constant(1000) },
          { weight: 1, arbitrary: fc.integer({ min: -HOUR_MS, max: HOUR_MS }) },
        ),
      }),
      { maxLength: 200 },
    );
    const options = fc.record({
      openCount: fc.integer({ min: 1, max: 3 }),
      openWithin: fc.integer({ min: 3, max: 6 }),
      closeAfter: fc.integer({ min: 1, max: 5 }),
      coolDownMs: fc.constantFrom(0, 3000),
      minDurationMs: fc.constantFrom(0, 2000),
      updateEveryMs: fc.constantFrom(0, 5000),
    });
    fc.assert(
      fc.property(rows, options, (stream, chosen) => {
        const target = policy(chosen);
        let timeMs = 1e9;
        let open: Alert | undefined;
        const alerts = stream.flatMap(({ ratio, dtMs }) => {
          timeMs += dtMs;
          return [...step(target, timeMs, ratio)];
        });
        for (const alert of [...alerts, ...target.finish()]) {
          requireNext(alert, open);
          open = alert.state === 'closed' ? undefined : alert;
        }
        expect(open).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('refuses options that contradict each other', () => {
    expect(alertOptions.safeParse({ openCount: 4, openWithin: 3 }).success).toBe(false);
    expect(alertOptions.safeParse({ warningAt: 4, criticalAt: 3 }).success).toBe(false);
    expect(alertOptions.safeParse({ closeBelow: 1.1 }).success).toBe(false);
    expect(alertOptions.safeParse({ nonsense: 1 }).success).toBe(false);
  });
});

function requireNext(alert: Alert, open: Alert | undefined): void {
  expect(alert.state === 'opened').toBe(open === undefined);
  expect(alert.id).toBe(open?.id ?? alert.id);
  expect(alert.peak).toBeGreaterThanOrEqual(Math.max(1, alert.score, open?.peak ?? 0));
  expect(alert.startMs).toBeLessThanOrEqual(alert.timeMs);
  expect(alert.endMs === null).toBe(alert.state !== 'closed');
  expect(alert.endMs ?? alert.startMs).toBeGreaterThanOrEqual(alert.startMs);
  expect(alert.endMs ?? alert.timeMs).toBeLessThanOrEqual(alert.timeMs);
}
