import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { createHealthCheck, type HealthLife } from '../../../src/detection/alerts/health-check.ts';
import { healthOptions } from '../../../src/detection/alerts/health-options.ts';

const HOUR_MS = 3_600_000;
const ids = ['a', 'b', 'c'];
const channels = ids.map((id) => ({ id, unit: 'V' }));

function create(
  options: Record<string, unknown> = {},
  resume: readonly Alert[] = [],
  remind = { remindAfterMs: 0, remindEveryMs: 0 },
): HealthLife {
  const parsed = healthOptions.parse({
    maxAgeMs: 5000,
    stuckAfterMs: 0,
    coolDownMs: 0,
    ...options,
  });
  return createHealthCheck(parsed, { streamId: 's', channels, resume, remind });
}

type Reading = (second: number) => readonly number[];

/** One sample a second. */
function run(
  target: HealthLife,
  from: number,
  to: number,
  reading: Reading,
  offsetMs = 0,
): Alert[] {
  const alerts: Alert[] = [];
  for (let second = from; second < to; second++) {
    const values = Float64Array.from(reading(second));
    alerts.push(...target.check({ streamId: 's', timeMs: second * 1000 + offsetMs, values }));
  }
  return alerts;
}

function brief(alerts: readonly Alert[]): string[] {
  return alerts.map(
    ({ kind, state, timeMs, channels: named }) =>
      `${kind} ${state}@${timeMs / 1000} ${named.map(({ id }) => id).join('')}`,
  );
}

const fine: Reading = (s) => [s, s, s];
const without =
  (...silent: number[]): Reading =>
  (s) =>
    ids.map((_, c) => (silent.includes(c) ? Number.NaN : s));

describe('health-check: data_missing', () => {
  it('says nothing of a healthy stream', () => {
    expect(run(create(), 0, 100, fine)).toEqual([]);
  });

  it('opens when a channel is silent for longer than its max age, and closes when it is back', () => {
    const target = create();
    run(target, 0, 10, fine);
    const [opened, ...none] = run(target, 10, 30, without(1));
    expect(none).toEqual([]);
    expect(opened).toEqual({
      id: 'data_missing-s-9000',
      kind: 'data_missing',
      streamId: 's',
      state: 'opened',
      severity: 'warning',
      timeMs: 15_000,
      startMs: 9000,
      endMs: null,
      score: 1.2,
      peak: 1.2,
      level: 5000,
      channels: [{ id: 'b', unit: 'V', share: 1, value: null, expected: null }],
      modelId: 'health',
      imputed: 0,
    });
    const [closed, ...more] = run(target, 30, 40, fine);
    expect(more).toEqual([]);
    expect(closed).toMatchObject({
      id: opened?.id,
      state: 'closed',
      timeMs: 30_000,
      endMs: 29_000,
      peak: 4,
      channels: [{ id: 'b', value: 30 }],
    });
  });

  it('names all channels that were lost together in one alert, critical when it is all', () => {
    const target = create();
    run(target, 0, 10, fine);
    const alerts = run(target, 10, 20, without(0, 1, 2));
    expect(brief(alerts)).toEqual(['data_missing opened@15 abc']);
    expect(alerts[0]?.severity).toBe('critical');
    expect(alerts[0]?.channels.map(({ share }) => share)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('updates the alert when more join, and closes it once, when all are back', () => {
    const target = create();
    run(target, 0, 10, fine);
    const alerts = [
      ...run(target, 10, 20, without(0)),
      ...run(target, 20, 30, without(0, 1)),
      ...run(target, 30, 40, without(1)),
      ...run(target, 40, 50, fine),
    ];
    expect(brief(alerts)).toEqual([
      'data_missing opened@15 a',
      'data_missing updated@25 ab',
      'data_missing closed@40 ab',
    ]);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
  });

  it('merges a channel that keeps coming and going', () => {
    const target = create({ coolDownMs: 10_000 });
    const flapping: Reading = (s) => (s % 8 === 0 ? fine(s) : without(2)(s));
    const alerts = [...run(target, 0, 80, flapping), ...run(target, 80, 100, fine)];
    expect(brief(alerts)).toEqual(['data_missing opened@6 c', 'data_missing closed@89 c']);
  });

  it('finds a channel that was never read', () => {
    expect(brief(run(create(), 100, 110, without(2)))).toEqual(['data_missing opened@106 c']);
  });

  it('takes limits of single channels, and 0 for never', () => {
    const target = create({ channels: { a: { maxAgeMs: 20_000 }, b: { maxAgeMs: 0 } } });
    run(target, 0, 10, fine);
    expect(brief(run(target, 10, 100, without(0, 1)))).toEqual(['data_missing opened@30 a']);
    expect(() => create({ channels: { x: {} } })).toThrow(ConfigError);
    expect(() => create({ channels: { x: {} } })).toThrow(/name x, .* choose from a, b, c/);
  });

  it.each([
    ['forward', HOUR_MS],
    ['back', -HOUR_MS],
  ])('blames no channel when the clock jumps an hour %s', (_, jumpMs) => {
    const target = create();
    const sparse: Reading = (s) => (s % 3 === 0 ? fine(s) : without(1)(s));
    run(target, 0, 10, sparse);
    expect(run(target, 10, 40, sparse, jumpMs)).toEqual([]);
  });

  it('closes after the clock was set back, without waiting for it to catch up', () => {
    const target = create({ coolDownMs: 3000 });
    run(target, 7200, 7210, fine);
    run(target, 7210, 7220, without(1));
    const alerts = run(target, 7220, 7230, fine, -HOUR_MS);
    expect(alerts.map(({ state }) => state)).toEqual(['closed']);
    const [closed] = alerts;
    expect(closed && closed.timeMs >= closed.startMs && (closed.endMs ?? 0) >= closed.startMs).toBe(
      true,
    );
  });

  it('closes what is open when the stream is over', () => {
    const target = create();
    run(target, 0, 10, fine);
    const [opened] = run(target, 10, 20, without(1));
    expect(target.finish()).toMatchObject([
      { id: opened?.id, state: 'closed', timeMs: 19_000, endMs: 19_000, channels: [{ id: 'b' }] },
    ]);
    expect(target.finish()).toEqual([]);
  });

  it('shows the silence of a whole stream by samples without readings', () => {
    const target = create();
    run(target, 0, 5, fine);
    expect(brief(run(target, 5, 30, without(0, 1, 2)))).toEqual(['data_missing opened@10 abc']);
  });
});

describe('health-check: stuck', () => {
  const stuck = { stuckAfterMs: 20_000 };
  const stuckAt =
    (value: number): Reading =>
    (s) => [s, value, s];

  it('opens when a channel that used to change rests on one value, and closes when it moves', () => {
    const target = create(stuck);
    run(target, 0, 20, fine);
    const alerts = [...run(target, 20, 60, stuckAt(19)), ...run(target, 60, 70, fine)];
    expect(brief(alerts)).toEqual(['stuck opened@40 b', 'stuck closed@60 b']);
    expect(alerts[0]).toMatchObject({
      id: 'stuck-s-19000',
      startMs: 19_000,
      score: 21 / 20,
      channels: [{ id: 'b', value: 19 }],
    });
    expect(alerts[1]).toMatchObject({ endMs: 59_000, peak: 2 });
  });

  it('does not call a constant channel stuck, nor one that rests at 0', () => {
    expect(run(create(stuck), 0, 500, stuckAt(5))).toEqual([]);
    const idle = create(stuck);
    run(idle, 0, 20, fine);
    expect(run(idle, 20, 500, stuckAt(0))).toEqual([]);
  });

  it('learns that a channel rests long by nature', () => {
    const target = create({ stuckAfterMs: 20_000 });
    const steps: Reading = (s) => [s, 1 + Math.floor(s / 15), s];
    expect(run(target, 0, 200, steps)).toEqual([]);
    // Seen from its first to its last equal reading a rest lasts 14 s; three times that is more than the 20 s set.
    expect(brief(run(target, 200, 300, stuckAt(14)))).toEqual(['stuck opened@238 b']);
  });

  it('does not count an outage as rest', () => {
    const target = create({ ...stuck, maxAgeMs: 0 });
    run(target, 0, 20, fine);
    const back: Reading = () => [20, 19, 20];
    expect(run(target, 20, 21, back, HOUR_MS)).toEqual([]);
  });
});

describe('health-check: restart', () => {
  it('goes on with a missing channel under its id until it is read', () => {
    const before = create();
    run(before, 0, 10, fine);
    const [opened] = run(before, 10, 20, without(1)) as [Alert];
    const after = create({}, [opened]);
    expect(run(after, 100, 120, without(1))).toEqual([]);
    const alerts = run(after, 120, 125, fine);
    expect(alerts).toMatchObject([
      { id: opened.id, state: 'closed', startMs: 9000, endMs: 119_000 },
    ]);
  });

  it('goes on with a stuck channel until it moves', () => {
    const options = { stuckAfterMs: 20_000 };
    const before = create(options);
    run(before, 0, 20, fine);
    const [opened] = run(before, 20, 60, (s) => [s, 19, s]) as [Alert];
    const after = create(options, [opened]);
    expect(run(after, 100, 150, (s) => [s, 19, s])).toEqual([]);
    expect(run(after, 150, 155, fine)).toMatchObject([
      { id: opened.id, state: 'closed', endMs: 149_000 },
    ]);
  });

  it('closes an alert whose channel is watched no more', () => {
    const before = create();
    run(before, 0, 10, fine);
    const [opened] = run(before, 10, 20, without(1)) as [Alert];
    const gone = {
      ...opened,
      channels: [{ id: 'x', unit: '', share: 1, value: null, expected: null }],
    };
    const alerts = run(create({}, [gone]), 100, 105, fine);
    expect(alerts).toMatchObject([{ id: opened.id, state: 'closed', channels: [] }]);
  });
});

describe('health options', () => {
  it('refuses unknown keys, also for single channels', () => {
    expect(healthOptions.safeParse({ maxage: 1 }).success).toBe(false);
    expect(healthOptions.safeParse({ channels: { a: { maxage: 1 } } }).success).toBe(false);
  });
});

describe('health-check: reminders (#21)', () => {
  const remind = { remindAfterMs: 60_000, remindEveryMs: 100_000 };

  it('come while a channel stays silent, as those of anomalies do', () => {
    const target = create({}, [], remind);
    run(target, 0, 10, fine);
    const [opened, ...more] = run(target, 10, 300, without(1));
    expect(opened).not.toHaveProperty('reminder');
    expect(more.map(({ timeMs }) => (timeMs - (opened?.startMs ?? 0)) / 1000)).toEqual([60, 160, 260]);
    for (const one of more) {
      expect(one).toMatchObject({ id: opened?.id, state: 'updated', reminder: true });
    }
    expect(run(target, 300, 310, fine)[0]).not.toHaveProperty('reminder');
  });

  it('come while a channel is stuck, and go on after a restart', () => {
    const still: Reading = (s) => [s, s < 50 ? s : 50, s];
    const target = create({ stuckAfterMs: 20_000 }, [], remind);
    const [opened, first] = run(target, 0, 120, still);
    expect([opened?.kind, first?.reminder]).toEqual(['stuck', true]);
    const later = create({ stuckAfterMs: 20_000 }, [first as Alert], remind);
    const again = run(later, 120, 230, still);
    expect(again.map(({ reminder, timeMs }) => [reminder, timeMs - (first?.timeMs ?? 0)])).toEqual([
      [true, 100_000],
    ]);
  });
});
