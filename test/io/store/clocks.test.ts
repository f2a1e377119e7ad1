// What a clock that is wrong, or is set, does to the history: nothing (#18).
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { alertOf } from '../alerts.ts';
import { DAY_MS, open, START_MS, scoreAt } from './open-store.ts';

const HOUR_MS = 3_600_000;
const EVER: readonly [number, number] = [0, Number.MAX_SAFE_INTEGER];

type Opened = ReturnType<typeof open>;

/** Upkeep has its turn once an hour. */
function pass({ store, clock }: Opened, hours: number): void {
  for (let hour = 0; hour < hours; hour += 1) {
    clock.nowMs += HOUR_MS;
    store.flush();
  }
}

/** One score an hour, up to now. */
function fill({ store, clock }: Opened, days: number): void {
  for (let hour = 24 * days; hour > 0; hour -= 1) {
    store.addScore(scoreAt(clock.nowMs - hour * HOUR_MS));
  }
  store.flush();
}

/** The clock is wrong for eight seconds, and scores come. */
function wrongFor8S({ store, clock }: Opened, byMs: number): void {
  clock.set(byMs);
  for (let second = 0; second < 8; second += 1) {
    clock.nowMs += 1000;
    store.addScore(scoreAt(clock.nowMs));
    store.flush();
  }
  clock.set(-byMs);
}

describe('an unsent alert', () => {
  const waiting = ({ store }: Opened) => store.unsent('mqtt', 99).map(({ alert }) => alert.id);

  it.each([10 * DAY_MS, -10 * DAY_MS, -50 * 365 * DAY_MS])(
    'does not wait longer because the clock is set by %d ms',
    (byMs) => {
      const opened = open(undefined, { outboxDays: 7 });
      opened.store.addAlert(alertOf('a'), ['mqtt']);
      pass(opened, 6 * 24);
      opened.clock.set(byMs);
      pass(opened, 12);
      expect(waiting(opened)).toEqual(['a']);
      expect(opened.told).toEqual([]);
      pass(opened, 13);
      expect(waiting(opened)).toEqual([]);
      expect(opened.told).toEqual([
        '1 unsent alerts were dropped: they waited more than 7 days for a sink',
      ]);
    },
  );

  it('waits as long as it waited, not as long as the one before it', () => {
    const opened = open(undefined, { outboxDays: 7 });
    opened.store.flush();
    opened.clock.nowMs += HOUR_MS - 1; // just before waiting is counted
    opened.store.addAlert(alertOf('late'), ['mqtt']);
    opened.clock.nowMs += 1;
    opened.store.flush();
    pass(opened, 7 * 24 - 1);
    expect(waiting(opened)).toEqual(['late']);
    pass(opened, 1);
    expect(waiting(opened)).toEqual([]);
  });

  it('waits anew once a person has it sent again, or to another sink', () => {
    const opened = open(undefined, { outboxDays: 7 });
    const { store, clock } = opened;
    for (const sinkId of ['mqtt', 'old']) store.addAlert(alertOf(sinkId), [sinkId]);
    for (const entry of store.unsent('mqtt', 9)) store.setAside(entry, 'a bug');
    pass(opened, 7 * 24 - 1);
    clock.nowMs += HOUR_MS - 1; // just before waiting is counted
    expect([store.outbox.retry({ sinkId: 'mqtt' }), store.outbox.move('old', 'mqtt')]).toEqual([
      1, 1,
    ]);
    clock.nowMs += 1;
    store.flush();
    pass(opened, 7 * 24 - 1);
    expect(waiting(opened)).toEqual(['mqtt', 'old']);
    pass(opened, 1);
    expect(waiting(opened)).toEqual([]);
  });

  it('waits over restarts, and not while no daemon runs', () => {
    let opened = open(undefined, { outboxDays: 2 });
    opened.store.addAlert(alertOf('a'), ['mqtt']);
    const left = [0, 1, 2].map((run) => {
      opened.clock.nowMs += 0.7 * DAY_MS;
      opened.store.close();
      opened = open(opened.path, { outboxDays: 2 });
      opened.clock.set(30 * DAY_MS * run); // started a month later
      opened.store.flush();
      return waiting(opened).length;
    });
    expect(left).toEqual([1, 1, 0]);
  });
});

describe('the history', () => {
  const hours = ({ store }: Opened, fromMs = 0) =>
    store.scores('motor', fromMs, Number.MAX_SAFE_INTEGER).length;

  it.each([800 * DAY_MS, -800 * DAY_MS])(
    'survives 8 s of a clock that is wrong by %d ms, but for a day of it',
    (byMs) => {
      const opened = open(undefined, { scoreDays: 10 });
      fill(opened, 10);
      const before = hours(opened);
      wrongFor8S(opened, byMs);
      pass(opened, 20);
      expect(hours(opened)).toBeGreaterThanOrEqual(before - 24);
    },
  );

  it('goes on forgetting what is too old while it holds scores of the future', () => {
    const opened = open(undefined, { scoreDays: 3 });
    fill(opened, 10);
    opened.store.addScore(scoreAt(Date.UTC(2133, 0, 1)));
    pass(opened, 12);
    expect(hours(opened) - 1).toBeGreaterThanOrEqual(3 * 24 - 12);
    expect(hours(opened) - 1).toBeLessThanOrEqual(3 * 24 + 1);
  });

  it('reports scores of the future until none have come for a day, and lets them go when it is full', () => {
    const opened = open(undefined, { scoreDays: 3 });
    fill(opened, 2);
    expect([...opened.problems]).toEqual([]);
    for (const ms of [0, 5000]) opened.store.addScore(scoreAt(Date.UTC(2133, 0, 1) + ms));
    const [message, ...others] = [...opened.problems.values()];
    expect(others).toEqual([]);
    expect(message).toBe(
      "stream 'motor' has scores of 2133-01-01T00:00:00.000Z, which is in the future (here it is 2026-11-24T00:00:00.000Z): correct this clock, or the times of the source; they are kept apart from the others",
    );
    pass(opened, 23);
    expect([...opened.problems.values()]).toEqual([message]);
    pass(opened, 3);
    expect([...opened.problems]).toEqual([]);
    expect(hours(opened, Date.UTC(2133, 0, 1))).toBe(2);
    fill(opened, 1.2);
    pass(opened, 3);
    expect(hours(opened, Date.UTC(2133, 0, 1))).toBe(0);
  });

  it('reports scores of the future also before they are written', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { store, problems } = open();
    store.addScore(scoreAt(START_MS));
    store.flush();
    store.addScore(scoreAt(Date.UTC(2133, 0, 1)));
    vi.advanceTimersByTime(120_000); // the store is looked after each minute
    expect(problems.size).toBe(1);
  });

  it('reports a clock that is behind the history it finds, and forgets none of it', () => {
    const before = open(undefined, { scoreDays: 3 });
    fill(before, 3);
    before.store.close();
    const opened = open(before.path, { scoreDays: 3 });
    opened.clock.set(-20 * 365 * DAY_MS); // a machine without a battery for its clock
    opened.store.flush();
    expect([...opened.problems.values()]).toEqual([expect.stringContaining('in the future')]);
    for (let hour = 0; hour < 40; hour += 1) {
      pass(opened, 1);
      opened.store.addScore(scoreAt(opened.clock.nowMs));
    }
    expect(hours(opened, START_MS - 3 * DAY_MS)).toBe(3 * 24);
    opened.clock.set(20 * 365 * DAY_MS);
    pass(opened, 1);
    expect([...opened.problems]).toEqual([]);
  });

  it('holds no more scores of the future than of the past', () => {
    const opened = open(undefined, { scoreDays: 2 });
    const farMs = Date.UTC(2133, 0, 1);
    for (let day = 0; day < 9; day += 1) {
      opened.store.addScore(scoreAt(farMs + day * (DAY_MS + 1)));
      pass(opened, 1);
    }
    pass(opened, 9);
    expect(hours(opened)).toBe(2);
  });

  it('is not thinned out by a clock that was wrong', () => {
    const opened = open(undefined, { scoreDays: 99, thinAfterDays: 5 });
    for (let minute = 3 * 1440; minute > 0; minute -= 1) {
      opened.store.addScore(scoreAt(START_MS - minute * 60_000));
    }
    opened.store.flush();
    const before = hours(opened);
    wrongFor8S(opened, 800 * DAY_MS);
    pass(opened, 5);
    expect(hours(opened)).toBe(before + 8);
  });

  it('keeps what training must leave out, and alerts, through 8 s of a wrong clock', () => {
    const opened = open(undefined, { scoreDays: 5, alertDays: 5 });
    const { store, clock } = opened;
    fill(opened, 2);
    const at = (hour: number) => START_MS - hour * HOUR_MS;
    for (const hour of [20, 19]) store.addScore({ ...scoreAt(at(hour)), quiet: true });
    const times = { startMs: at(10), endMs: at(9), timeMs: at(9) };
    store.addAlert(alertOf('a', 'closed', times), []);
    const found = store.exclusions('motor', at(40), START_MS);
    expect(found.map(({ reason }) => reason)).toEqual(['quiet', 'alert']);
    for (const byMs of [800 * DAY_MS, -800 * DAY_MS]) {
      wrongFor8S(opened, byMs);
      const timeMs = clock.nowMs + byMs;
      store.addAlert(alertOf(`at ${byMs}`, 'closed', { timeMs }), []);
    }
    pass(opened, 30);
    expect(store.exclusions('motor', at(40), START_MS)).toEqual(found);
    expect(store.alerts('motor', ...EVER)).toHaveLength(3);
  });

  it('takes no score of a time that no date can have, and goes on', () => {
    const opened = open();
    for (const timeMs of [1e18, 1e300, Number.NaN]) opened.store.addScore(scoreAt(timeMs));
    opened.store.addScore(scoreAt(START_MS));
    opened.store.flush();
    expect(hours(opened)).toBe(1);
    expect([...opened.problems.values()]).toEqual([expect.stringContaining("stream 'motor'")]);
  });
});
