import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import { alertOf } from '../../io/alerts.ts';
import { START_MS } from '../../io/store/open-store.ts';
import { daemonControl, data, objection } from './control.ts';

const HOUR_MS = 3_600_000;
const iso = (hours: number) => new Date(START_MS + hours * HOUR_MS).toISOString();
const stretch = { stream: 'motor', from: iso(-0.5), to: iso(-0.25) };

describe('anomaly (#21)', () => {
  it('marks a stretch that training leaves out, trains again without it, and takes it back', async () => {
    const { ask, store } = daemonControl();
    const { id } = { id: 'motor-20261123T233000Z' };
    expect(await ask('anomaly', stretch)).toEqual(
      data({ ...stretch, id, marked: true, notes: [], used: true, standing: 'live' }),
    );
    const span = [START_MS - HOUR_MS, START_MS] as const;
    const exclusion = { fromMs: Date.parse(stretch.from), toMs: Date.parse(stretch.to) };
    expect(store.exclusions('motor', ...span)).toEqual([{ ...exclusion, reason: 'marked' }]);
    expect(store.exclusions('pump', ...span)).toEqual([]);
    expect(await ask('anomaly')).toEqual(data({ stretches: [{ id, ...stretch }] }));
    expect(await ask('anomaly', { stream: 'pump' })).toEqual(data({ stretches: [] }));
    expect(await ask('anomaly', { undo: id })).toEqual(data({ id, marked: false }));
    expect(await ask('anomaly', { undo: id })).toEqual(objection(`no stretch '${id}'`));
    expect(store.exclusions('motor', ...span)).toEqual([]);
  });

  it('says of a stretch that it is partly outside the kept rows, or was called normal', async () => {
    const { ask, store, decided } = daemonControl();
    const notes = (expected: readonly unknown[]) => data({ marked: true, notes: expected });
    const kept = `its kept rows are from ${iso(-1)} to ${iso(0)}`;
    const old = { stream: 'motor', from: iso(-9), to: iso(-0.9), retrain: false };
    expect(await ask('anomaly', old)).toEqual(notes([`${kept}: the stretch is partly outside`]));
    const times = { startMs: START_MS - 0.4 * HOUR_MS, timeMs: START_MS - 0.3 * HOUR_MS };
    const alert = alertOf('a', 'closed', { ...times, endMs: times.timeMs });
    store.addAlert(alert, []);
    decided.answers.add(decided.answers.draft(alert, 1, { days: 9, sameHour: false }));
    expect(await ask('anomaly', { ...stretch, retrain: false })).toEqual(
      notes([expect.stringContaining('alert a in it was called normal')]),
    );
  });

  it.each([true, false])(
    'refuses a stretch with no kept row in it, retrain: %s',
    async (retrain) => {
      const { ask, context, store } = daemonControl();
      const old = { stream: 'motor', from: iso(-9), to: iso(-8), retrain };
      const kept = `its kept rows are from ${iso(-1)} to ${iso(0)}`;
      expect(await ask('anomaly', old)).toEqual(
        objection(`no row of stream 'motor' is in the stretch, ${kept}: nothing can be left out`),
      );
      const own = context.retraining('motor');
      Object.assign(context, { retraining: () => ({ ...own, keptSpan: () => undefined }) });
      expect(await ask('anomaly', { ...stretch, retrain })).toEqual(
        objection("stream 'motor' keeps no rows: nothing can be left out"),
      );
      expect(store.decisions.list('anomaly')).toEqual([]);
    },
  );

  it('keeps the mark when the stream cannot be trained again, and says why', async () => {
    const { ask, context, store } = daemonControl();
    const own = context.retraining('motor');
    const changed = {
      ...context,
      retraining: () => ({
        ...own,
        retrain: () => Promise.reject(new CalibrationError('too few rows')),
      }),
    };
    Object.assign(context, changed);
    expect(await ask('anomaly', stretch)).toEqual(
      data({
        used: false,
        message: "the stretch is marked, but stream 'motor' was not trained again: too few rows",
      }),
    );
    expect(store.decisions.list('anomaly')).toHaveLength(1);
  });

  it.each([
    [{ ...stretch, from: stretch.to, to: stretch.from }, 'not after its begin'],
    [{ ...stretch, to: stretch.from }, 'not after its begin'],
    [{ ...stretch, to: iso(2) }, 'which is to come'],
    [{ ...stretch, stream: 'nobody' }, "stream 'nobody' is unknown"],
    [{ stream: 'motor', from: stretch.from }, 'expected both from and to'],
    [{ from: stretch.from, to: stretch.to }, 'expected stream with from and to'],
    [{ ...stretch, undo: 'x' }, 'expected either from and to, or undo'],
    [{ ...stretch, from: 'yesterday' }, 'from'],
  ])('refuses %j', async (request, text) => {
    const { ask, store } = daemonControl();
    expect(await ask('anomaly', request)).toEqual(objection(text));
    expect(store.decisions.list('anomaly')).toEqual([]);
  });
});
