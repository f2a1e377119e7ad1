// "This was normal", end to end: the default detector, real stages, a real store.
import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  defrost,
  FREEZER,
  HOUR_MS,
  hours,
  MINUTE_MS,
  soonAfter,
  withMainsAt,
} from './freezer.ts';
import { household } from './household.ts';

describe('a defrost that was called normal (#21)', () => {
  it('is not sent again, and hides neither a drop of the mains nor a thaw', async () => {
    const house = await household({ ...FREEZER, detector: 'gon', lesson: hours(12) });
    const { run, ask, sent, kept, nowMs } = house;
    const soon = () => soonAfter(nowMs());
    const loud = async (rows: number, machine = FREEZER.machine) => {
      const [before, keptBefore] = [sent.length, kept.length];
      await run(rows, machine);
      const opened = sent.slice(before).filter(({ state }) => state === 'opened');
      return { opened, kept: kept.slice(keptBefore) };
    };
    const first = await loud(hours(3), defrost(soon()));
    expect(first.opened).toHaveLength(1);
    const answer = await ask('normal', { stream: 'machine' });
    expect(answer).toMatchObject({
      data: { normal: true, quiet: expect.stringContaining('temperature (') },
    });

    const again = await loud(hours(3), defrost(soon()));
    expect(again.opened).toEqual([]);
    expect(again.kept).not.toEqual([]);
    expect(again.kept.every(({ normal }) => normal === first.opened[0]?.id)).toBe(true);

    const alone = await loud(hours(3), withMainsAt(0, soon()));
    expect(alone.opened[0]?.channels[0]?.id).toBe('mains');

    const fromMs = soon() + 15 * MINUTE_MS;
    const within = await loud(hours(3), withMainsAt(0, fromMs, defrost(soon())));
    expect(within.opened).toHaveLength(1);
    const lateMs = (within.opened[0]?.timeMs ?? 0) - fromMs;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(60_000);
    expect(within.opened[0]?.blamed?.find(({ id }) => id === 'mains')?.low).toBeLessThan(225);

    const thaw = await loud(hours(3), defrost(soon(), 2));
    expect(thaw.opened).toHaveLength(1);
    expect(thaw.opened[0]?.blamed?.find(({ id }) => id === 'temperature')?.high).toBeLessThan(0);
  });
});

describe('an answer that is given each day (#21)', () => {
  it('never lifts the level of its stream: a year of daily answers leaves it as a year without', async () => {
    const slow = { ...FREEZER, intervalMs: HOUR_MS, detector: 'robust-z', lesson: 1500 };
    const [one, other] = [await household(slow), await household(slow)];
    let answers = 0;
    for (let day = 0; day < 365; day++) {
      const hot = (timeMs: number, noise: () => number) => {
        const [, ...others] = FREEZER.machine(timeMs, noise);
        return [timeMs % DAY_MS < 4 * HOUR_MS ? 5 + (day % 9) : -18 + noise() / 10, ...others];
      };
      for (const house of [one, other]) await house.run(24, hot);
      const newest = [...one.sent, ...one.kept].at(-1)?.id;
      const reply = await one.ask('normal', { alert: newest });
      if (reply.status === 'ok') answers += 1;
      one.sent.splice(0);
      one.kept.splice(0);
    }
    expect(answers).toBe(365);
    expect(one.level()).toBe(other.level());
    const listed = (await one.ask('normal')) as unknown as { data: { normals: readonly object[] } };
    expect(listed.data.normals.length).toBeLessThanOrEqual(91);
  });
});
