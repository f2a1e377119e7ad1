// Reminders of open alerts, and the acceptance of a new level that stays (#21).
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { type AlertOptions, alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import {
  type AlertContext,
  type AlertLife,
  createAlertPolicy,
} from '../../../src/detection/alerts/policy.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY = 1440; // rows of a minute
const NAMES = ['load', 'disk', 'memory', 'net'];

interface Level {
  /** Contribution of each channel to the score, over the level. */
  readonly parts: readonly number[];
  /** What the first channel reads. */
  readonly load: (row: number) => number;
}

function living(options: Partial<AlertOptions> = {}, context: Partial<AlertContext> = {}) {
  const zeros = NAMES.map(() => 0);
  const policy: AlertLife = createAlertPolicy(alertOptions.parse(options), {
    ...{ streamId: 's', modelId: 'm', channels: NAMES.map((id) => ({ id, unit: '%' })) },
    scaler: { kind: 'robust', offset: zeros, scale: NAMES.map(() => 2), clip: 10 },
    ...context,
  });
  let row = 0;
  const feed = (rows: number, { parts, load }: Level): Alert[] => {
    const told: Alert[] = [];
    for (let i = 0; i < rows; i++, row++) {
      const perChannel = Float32Array.from(parts, (part) => 2 * part);
      const value = perChannel.reduce((sum, part) => sum + part, 0);
      const window = {
        ...{ streamId: 's', endMs: row * MINUTE_MS, length: 1, width: NAMES.length },
        ...{ values: perChannel, latest: Float64Array.of(load(row), 5, 5, 5), imputed: 0 },
      };
      const score = { value, perChannel, expected: Float32Array.from(zeros) };
      told.push(...policy.step(window, score, { anomalous: value > 2, level: 2 }));
    }
    return told;
  };
  return { policy, feed, skip: (rows: number) => (row += rows) };
}

const normal: Level = { parts: [0.1, 0.1, 0.1, 0.1], load: () => 10 };
/** With a day in it. */
const higher: Level = {
  parts: [2, 0.1, 0.1, 0.1],
  load: (row) => 60 + 10 * Math.sin((2 * Math.PI * row) / DAY),
};

const hours = (alerts: readonly Alert[]) =>
  alerts.map(({ timeMs, startMs }) => (timeMs - startMs) / HOUR_MS);

describe('reminders', () => {
  const never = { acceptAfterMs: 0, longMs: 1e12 };

  it('come after an hour and then daily, as updates that say so', () => {
    const { feed } = living(never);
    feed(10, normal);
    const [opened, ...more] = feed(3 * DAY, higher);
    expect(opened).not.toHaveProperty('reminder');
    expect(hours(more)).toEqual([1, 25, 49]);
    for (const one of more) expect(one).toMatchObject({ state: 'updated', reminder: true });
    expect(more[0]?.now?.[0]?.id).toBe('load');
  });

  it('come when they are due although the daemon was restarted, and not again for it', () => {
    const first = living(never);
    const told = first.feed(2 * DAY, higher);
    const second = living(never, { resume: told.slice(-1) });
    second.skip(2 * DAY + 30);
    expect(hours(second.feed(2 * DAY, higher))).toEqual([49, 73]);
    const early = living(never, { resume: told.slice(0, 1) });
    early.skip(40);
    expect(hours(early.feed(60, higher))).toEqual([1]);
  });

  it.each([
    [{ remindAfterMs: 0 }, []],
    [{ remindEveryMs: 0 }, [1]],
    [{ remindAfterMs: 2 * HOUR_MS, remindEveryMs: 4 * HOUR_MS }, [2, 6, 10, 14, 18, 22]],
  ])('follow the options %j', (options, due) => {
    const { feed } = living({ ...never, ...options });
    expect(hours(feed(DAY, higher).slice(1))).toEqual(due);
  });
});

describe('acceptance', () => {
  const quiet = { remindAfterMs: 0, longMs: 1e12 };

  it('closes an alert whose channels have settled after three days, once, and opens none for it', () => {
    const { feed } = living(quiet);
    feed(10, normal);
    const [opened, accepted, ...more] = feed(10 * DAY, higher);
    expect(more).toEqual([]);
    expect(opened?.state).toBe('opened');
    expect(accepted).toMatchObject({ state: 'closed', outcome: 'accepted', id: opened?.id });
    expect(hours([accepted as Alert])[0]).toBeCloseTo(72, 0);
    expect(accepted?.endMs).toBe(accepted?.timeMs);
    // the level at which it has settled, not that of its peak
    expect(accepted?.now?.[0]).toMatchObject({ id: 'load' });
    expect(accepted?.now?.[0]?.value).toBeCloseTo(60, 0);
  });

  it('rings for other channels meanwhile', () => {
    const { feed } = living(quiet);
    feed(4 * DAY, higher);
    const two = { ...higher, parts: [2, 0.1, 1.5, 0.1] };
    const [second, ...more] = feed(60, two);
    expect(more).toEqual([]);
    expect(second).toMatchObject({ state: 'opened', channels: [{ id: 'memory' }] });
    expect(feed(60, higher).map(({ state }) => state)).toEqual(['closed']);
  });

  it('rings again after the channels were normal in between', () => {
    const { feed } = living(quiet);
    feed(4 * DAY, higher);
    expect(feed(DAY, normal)).toEqual([]);
    expect(feed(60, higher).map(({ state }) => state)).toEqual(['opened']);
  });

  it.each([
    ['creeps on', (row: number) => 60 + row / 200],
    ['jumps from day to day', (row: number) => 60 + 30 * (Math.floor(row / DAY) % 2)],
  ])('does not come while the level %s', (_, load) => {
    const { feed } = living(quiet);
    expect(feed(8 * DAY, { ...higher, load }).map(({ state }) => state)).toEqual(['opened']);
  });

  it('comes later when a level settles later, and never where it is turned off', () => {
    const creeping = (row: number): number => 60 + Math.min(row, 5 * DAY) / 200;
    const told = living(quiet).feed(9 * DAY, { ...higher, load: creeping });
    expect(told.map(({ outcome }) => outcome)).toEqual([undefined, 'accepted']);
    expect(hours(told)[1]).toBeGreaterThan(120);
    const off = living({ ...quiet, acceptAfterMs: 0 });
    expect(off.feed(9 * DAY, higher)).toHaveLength(1);
  });

  it('goes on over a restart, before and after it', () => {
    const first = living(quiet);
    const [opened] = first.feed(2 * DAY, higher);
    const second = living(quiet, { resume: [opened as Alert] });
    second.skip(2 * DAY);
    const [accepted, ...more] = second.feed(3 * DAY, higher);
    expect(more).toEqual([]);
    expect(accepted).toMatchObject({ id: opened?.id, outcome: 'accepted' });
    const third = living(quiet, { resume: [accepted as Alert] });
    third.skip(5 * DAY);
    expect(third.feed(DAY, higher)).toEqual([]);
    const closed = { ...(accepted as Alert), outcome: undefined };
    const other = living(quiet, { resume: [closed as unknown as Alert] });
    expect(other.feed(60, higher).map(({ state }) => state)).toEqual(['opened']);
  });

  it('comes at once when people ask for it', () => {
    const { feed, policy } = living(quiet);
    const [opened] = feed(60, higher);
    expect(policy.accept('another')).toEqual([]);
    const [accepted] = policy.accept(opened?.id ?? '');
    expect(accepted).toMatchObject({ id: opened?.id, state: 'closed', outcome: 'accepted' });
    expect(policy.accept(opened?.id ?? '')).toEqual([]);
    expect(feed(DAY, higher)).toEqual([]);
    expect(policy.finish()).toEqual([]);
  });

  it('is not decided by channels without readings', () => {
    const { feed } = living(quiet);
    expect(feed(5 * DAY, { ...higher, load: () => Number.NaN })).toHaveLength(1);
  });
});
