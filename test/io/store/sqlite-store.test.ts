import { describe, expect, it } from 'vitest';
import { alertOf } from '../alerts.ts';
import { count, DAY_MS, open, START_MS, scoreAt } from './open-store.ts';

describe('store', () => {
  it('writes scores together when their time has come, or when there are many', () => {
    const { store, clock, path } = open(undefined, { flushMs: 60_000, flushRows: 100 });
    store.addScore(scoreAt(1));
    clock.nowMs += 59_999;
    store.addScore(scoreAt(2));
    expect(count(path, 'score')).toBe(0);
    clock.nowMs += 1;
    store.addScore(scoreAt(3));
    expect(count(path, 'score')).toBe(3);
    for (let i = 0; i < 100; i += 1) store.addScore(scoreAt(10 + i));
    expect(count(path, 'score')).toBe(103);
    store.addScore(scoreAt(999));
    store.flush();
    expect(count(path, 'score')).toBe(104);
  });

  it('is not held up by a clock that is set back', () => {
    const { store, clock, path } = open();
    clock.set(-365 * DAY_MS);
    clock.nowMs += 60_000;
    store.addScore(scoreAt(1));
    expect(count(path, 'score')).toBe(1);
  });

  it('gives scores back by stream and time, also those not written yet', () => {
    const { store } = open();
    store.addScore(scoreAt(1000.4, 1.5));
    store.addScore(scoreAt(2000, Number.NaN));
    store.addScore(scoreAt(3000, Infinity));
    store.addScore(scoreAt(2000, 0.7, 'pump'));
    expect(store.scores('motor', 1000, 2999)).toEqual([
      { streamId: 'motor', timeMs: 1000, score: 1.5, level: 2, anomalous: true },
      { streamId: 'motor', timeMs: 2000, score: Number.NaN, level: 2, anomalous: false },
    ]);
    expect(store.scores('motor', 3000, 3000)[0]?.score).toBe(Infinity);
    expect(store.scores('pump', 0, 9999)).toHaveLength(1);
    expect(store.scores('other', 0, 9999)).toEqual([]);
    store.addScore(scoreAt(2000, 0.9, 'pump')); // a replay that begins again
    expect(store.scores('pump', 0, 9999).map(({ score }) => score)).toEqual([0.9]);
  });

  it('gives the highest score of each step that has any, at the beginning of the step', () => {
    const { store } = open();
    const scores = [0.1, 0.9, 0.3, 0.2, Number.NaN, 0.4];
    for (const [second, score] of scores.entries()) store.addScore(scoreAt(second * 1000, score));
    store.addScore(scoreAt(1500, 7, 'pump'));
    store.addScore(scoreAt(60_000, 0.5));
    expect(store.peaks('motor', 0, 90_000, 2000)).toEqual([]);
    store.flush();
    expect(store.peaks('motor', 0, 90_000, 2000)).toEqual([
      { timeMs: 0, score: 0.9 },
      { timeMs: 2000, score: 0.3 },
      { timeMs: 4000, score: 0.4 },
      { timeMs: 60_000, score: 0.5 },
    ]);
    expect(store.peaks('motor', 2000, 3000, 60_000)).toEqual([{ timeMs: 0, score: 0.3 }]);
  });

  it('commits an alert with one outbox entry per sink before it returns', () => {
    const { store, path } = open();
    const opened = alertOf('01J');
    const closed = alertOf('01J', 'closed');
    store.addAlert(opened, ['mqtt', 'log']);
    expect(count(path, 'alert')).toBe(1);
    expect(count(path, 'outbox')).toBe(2);
    store.addAlert(closed, ['mqtt']);
    const unsent = store.unsent('mqtt', 10);
    expect(unsent.map(({ alert, sinkId }) => [sinkId, alert])).toEqual([
      ['mqtt', opened],
      ['mqtt', closed],
    ]);
    expect(store.unsent('mqtt', 1)).toEqual(unsent.slice(0, 1));
    store.markSent(unsent.slice(0, 1));
    expect(store.unsent('mqtt', 10)).toEqual(unsent.slice(1));
    expect(store.unsent('log', 10)).toHaveLength(1);
    expect(store.alerts('motor', opened.timeMs, opened.timeMs)).toEqual([opened, closed]);
    expect(store.alerts('motor', 0, opened.timeMs - 1)).toEqual([]);
  });

  it('finds what was at a time between two milliseconds at that time', () => {
    const { store } = open();
    store.addAlert(alertOf('a', 'opened', { timeMs: 1000.4 }), []);
    store.addScore(scoreAt(1000.4));
    expect(store.alerts('motor', 1000.4, 1000.4)).toHaveLength(1);
    expect(store.scores('motor', 1000.4, 1000.4)).toHaveLength(1);
  });

  it('knows which anomalies are still open', () => {
    const { store } = open();
    store.addAlert(alertOf('a'), []);
    store.addAlert(alertOf('b'), []);
    store.addAlert(alertOf('a', 'updated'), []);
    store.addAlert(alertOf('b', 'closed'), []);
    store.addAlert(alertOf('c', 'opened', { streamId: 'pump' }), []);
    expect(store.openAlerts('motor')).toEqual([alertOf('a', 'updated')]);
    expect(store.openAlerts('pump').map(({ id }) => id)).toEqual(['c']);
  });

  it('goes on where it was closed', () => {
    const { store, path } = open();
    store.addScore(scoreAt(1));
    store.addAlert(alertOf('a'), ['mqtt']);
    store.close();
    store.close();
    const again = open(path).store;
    expect(again.scores('motor', 0, 9)).toHaveLength(1);
    expect(again.unsent('mqtt', 9)).toHaveLength(1);
    again.addAlert(alertOf('b'), ['mqtt']);
    expect(again.unsent('mqtt', 9).map(({ alert }) => alert.id)).toEqual(['a', 'b']);
  });

  it('drops the oldest beyond the cap of the outbox and says so', () => {
    const { store, told } = open(undefined, { outboxLimit: 3 });
    for (const id of ['a', 'b', 'c', 'd']) store.addAlert(alertOf(id), ['mqtt']);
    expect(store.unsent('mqtt', 9).map(({ alert }) => alert.id)).toEqual(['b', 'c', 'd']);
    expect(told).toEqual(['1 unsent alerts were dropped: more than 3 waited for a sink']);
    expect(store.alerts('motor', 0, Number.MAX_SAFE_INTEGER)).toHaveLength(4);
  });

  it('does not count what was set aside among what waits, and keeps as much of it (#20)', () => {
    const { store, told } = open(undefined, { outboxLimit: 3 });
    for (const id of ['a', 'b', 'c']) store.addAlert(alertOf(id), ['mqtt']);
    for (const { sequence, sinkId } of store.unsent('mqtt', 9)) {
      store.setAside({ sequence, sinkId }, 'refused');
    }
    for (const id of ['d', 'e', 'f']) store.addAlert(alertOf(id), ['mqtt']);
    expect(store.backlog()).toEqual({ waiting: { mqtt: 3 }, setAside: { mqtt: 3 }, dropped: 0 });
    const [next] = store.unsent('mqtt', 1);
    store.setAside({ sequence: next?.sequence ?? 0, sinkId: 'mqtt' }, 'refused');
    expect(told).toEqual(['1 unsent alerts were dropped: more than 3 were set aside for a sink']);
    expect(store.outbox.queues()[0]?.setAside.map(({ alertId }) => alertId)).toEqual([
      'b',
      'c',
      'd',
    ]);
    expect(store.backlog()).toEqual({ waiting: { mqtt: 2 }, setAside: { mqtt: 3 }, dropped: 1 });
  });

  it('drops what waited too long', () => {
    const { store, clock, told } = open(undefined, { outboxDays: 7 });
    store.addAlert(alertOf('old'), ['mqtt']);
    clock.nowMs += 8 * DAY_MS;
    store.addAlert(alertOf('new'), ['mqtt']);
    store.flush();
    expect(store.unsent('mqtt', 9).map(({ alert }) => alert.id)).toEqual(['new']);
    expect(told).toEqual(['1 unsent alerts were dropped: they waited more than 7 days for a sink']);
    expect(store.backlog().dropped).toBe(1);
  });

  it('forgets old scores in the time of the data, a day at a run', () => {
    const { store, clock } = open(undefined, { scoreDays: 2 });
    const oldMs = Date.UTC(2001, 0, 1);
    for (let day = 0; day < 6; day += 1) store.addScore(scoreAt(oldMs + day * DAY_MS));
    const left = () => store.scores('motor', 0, Number.MAX_SAFE_INTEGER).length;
    expect(left()).toBe(5); // the first flush forgot the first day
    clock.nowMs += 1000;
    expect(left()).toBe(5); // once an hour
    for (let hour = 0; hour < 5; hour += 1) {
      clock.nowMs += 3_600_000;
      left();
    }
    expect(left()).toBe(3);
  });

  it('forgets old alerts but neither open nor unsent ones', () => {
    const { store, clock } = open(undefined, { alertDays: 1 });
    clock.nowMs += 30 * DAY_MS;
    const at = (day: number) => ({ timeMs: START_MS + day * DAY_MS });
    store.addAlert(alertOf('sent', 'opened', at(0)), []);
    store.addAlert(alertOf('sent', 'closed', at(1)), []);
    store.addAlert(alertOf('unsent', 'closed', at(1)), ['mqtt']);
    store.addAlert(alertOf('open', 'opened', at(1)), []);
    store.addAlert(alertOf('new', 'closed', at(30)), []);
    store.flush();
    const ids = store.alerts('motor', 0, Number.MAX_SAFE_INTEGER).map(({ id }) => id);
    expect(ids).toEqual(['unsent', 'open', 'new']);
  });

  it('does not count days without scores or alerts', () => {
    const { store, clock } = open(undefined, { scoreDays: 3, alertDays: 3 });
    for (const day of [0, 90, 180, 270]) {
      const timeMs = START_MS - day * DAY_MS;
      store.addScore(scoreAt(timeMs));
      store.addAlert(alertOf(`day ${day}`, 'closed', { timeMs }), []);
    }
    for (let hour = 0; hour < 3; hour += 1) {
      clock.nowMs += 3_600_000;
      store.flush();
    }
    expect(store.scores('motor', 0, START_MS)).toHaveLength(3);
    expect(store.alerts('motor', 0, START_MS)).toHaveLength(3);
  });

  it('thins out old scores to the highest of ten minutes, quiet ones stay, a day at a run', () => {
    const { store, clock } = open(undefined, { thinAfterDays: 1, scoreDays: 99 });
    const minuteMs = 60_000;
    const firstMs = Date.UTC(2001, 0, 1);
    for (let minute = 0; minute < 3 * 24 * 60; minute += 1) {
      const score = { ...scoreAt(firstMs + minute * minuteMs, minute % 10 === 3 ? 0.9 : 0.1) };
      store.addScore({ ...score, ...(minute >= 60 && minute < 80 && { quiet: true as const }) });
    }
    const left = (fromDay: number) =>
      store.scores('motor', firstMs + fromDay * DAY_MS, firstMs + (fromDay + 1) * DAY_MS - 1);
    const later = (hours: number): void => {
      for (let hour = 0; hour < hours; hour += 1) {
        clock.nowMs += 3_600_000;
        left(0);
      }
    };
    later(1);
    expect(left(0)).toHaveLength(142 + 20);
    expect(
      left(0)
        .filter(({ quiet }) => !quiet)
        .every(({ score }) => score === 0.9),
    ).toBe(true);
    later(6);
    const bins = left(1).length;
    expect(bins).toBeGreaterThanOrEqual(144);
    expect(bins).toBeLessThan(144 + 10); // the newest bin is not whole yet
    expect(left(2)).toHaveLength(1440);
    later(3);
    expect(left(0)).toHaveLength(142 + 20);
    expect(left(1)).toHaveLength(bins);
  });

  it('keeps every score unless told otherwise', () => {
    const { store, clock } = open();
    for (let minute = 0; minute < 2880; minute += 1)
      store.addScore(scoreAt(START_MS + minute * 60_000));
    clock.nowMs += 3_600_000;
    expect(store.scores('motor', 0, Number.MAX_SAFE_INTEGER)).toHaveLength(2880);
  });
});
