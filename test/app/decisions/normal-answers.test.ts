import { describe, expect, it } from 'vitest';
import { openDecided } from '../../../src/app/decisions/decided.ts';
import type { Alert } from '../../../src/core/alert.ts';
import type { Decisions } from '../../../src/core/decisions.ts';
import { alertOf } from '../../io/alerts.ts';
import { open } from '../../io/store/open-store.ts';
import { data, objection } from '../commands/control.ts';
import {
  DAY_MS,
  defrost,
  FREEZER,
  HOUR_MS,
  hours,
  MINUTE_MS,
  soonAfter,
  steady,
  withMainsAt,
} from './freezer.ts';
import { household, type Machine } from './household.ts';

/** Its compressor is not watched, and a detector that judges each channel by itself learns it in a blink. */
const STEADY = { ...FREEZER, machine: steady, detector: 'robust-z', lesson: hours(6) };
const made = () => household(STEADY);
const defrostOf = (fromMs: number, warming = 1) => defrost(fromMs, warming, steady);

async function answered() {
  const house = await made();
  const { run, ask, sent, nowMs } = house;
  await run(hours(2), defrostOf(soonAfter(nowMs())));
  const [first] = sent;
  await ask('normal', { stream: 'machine' });
  sent.splice(0);
  return { ...house, first: first?.id ?? '' };
}

const opened = (alerts: readonly Alert[]) => alerts.filter(({ state }) => state === 'opened');

describe('an alert that was called normal (#21)', () => {
  it('is kept when it comes again, after a restart too, and nothing of it is sent', async () => {
    const { run, sent, kept, nowMs, restart, first } = await answered();
    await run(hours(2), defrostOf(soonAfter(nowMs())));
    restart();
    await run(hours(2), defrostOf(soonAfter(nowMs())));
    expect(sent).toEqual([]);
    expect(opened(kept)).toHaveLength(2);
    expect(new Set(kept.map(({ normal }) => normal))).toEqual(new Set([first]));
  });

  it('hides no other channel, neither by itself nor while it comes again', async () => {
    const { run, sent, nowMs } = await answered();
    await run(hours(2), withMainsAt(0, soonAfter(nowMs()), steady));
    expect(opened(sent).map(({ channels }) => channels[0]?.id)).toEqual(['mains']);
    sent.splice(0);
    const fromMs = soonAfter(nowMs());
    await run(hours(2), withMainsAt(0, fromMs + 5 * MINUTE_MS, defrostOf(fromMs)));
    expect(opened(sent)).toHaveLength(1);
    expect(opened(sent)[0]?.timeMs).toBeLessThan(fromMs + 6 * MINUTE_MS);
    expect(sent.at(-1)?.state).toBe('closed');
  });

  it('is sent as soon as it is hotter', async () => {
    const { run, sent, nowMs } = await answered();
    const fromMs = soonAfter(nowMs());
    await run(hours(2), defrostOf(fromMs, 2));
    expect(opened(sent)).toHaveLength(1);
    const minutes = ((opened(sent)[0]?.timeMs ?? 0) - fromMs) / MINUTE_MS;
    expect(minutes).toBeGreaterThan(8);
    expect(minutes).toBeLessThan(20);
  });

  it('is sent as soon as it lasts longer', async () => {
    const { run, ask, sent, nowMs } = await made();
    const warmFor = (minutes: number) => {
      const fromMs = soonAfter(nowMs());
      const machine: Machine = (timeMs, noise) => {
        const [temperature = 0, ...others] = steady(timeMs, noise);
        const isWarm = timeMs >= fromMs && timeMs < fromMs + minutes * MINUTE_MS;
        return [temperature + (isWarm ? 9 : 0), ...others];
      };
      return { fromMs, machine };
    };
    await run(hours(2), warmFor(4).machine);
    await ask('normal', { stream: 'machine' });
    sent.splice(0);
    await run(hours(2), warmFor(4).machine);
    expect(sent).toEqual([]);
    const { fromMs, machine } = warmFor(18);
    await run(hours(2), machine);
    expect(opened(sent)).toHaveLength(1);
    const minutes = ((opened(sent)[0]?.timeMs ?? 0) - fromMs) / MINUTE_MS;
    expect(minutes).toBeGreaterThan(8);
    expect(minutes).toBeLessThan(11);
  });

  it('is said with what will be quiet, first as a preview, listed, and taken back', async () => {
    const { run, ask, sent, nowMs } = await made();
    await run(hours(2), defrostOf(soonAfter(nowMs())));
    const alert = sent[0]?.id;
    const quiet = expect.stringMatching(
      /^Until 2026-04-05, at any hour: alerts are not sent that blame only .*temperature \(up to -?\d.* °C\).*, for at most \d+ min\.$/,
    );
    expect(await ask('normal', { alert, preview: true })).toEqual(
      data({ alert, quiet, normal: false }),
    );
    expect(await ask('normal')).toEqual(data({ normals: [] }));
    expect(await ask('normal', { alert })).toEqual(data({ alert, quiet, normal: true }));
    expect(await ask('normal')).toEqual(
      data({ normals: [expect.objectContaining({ alert, quiet })] }),
    );
    expect(await ask('normal', { alert, undo: true })).toEqual(data({ was: true }));
    expect(await ask('normal', { alert, undo: true })).toEqual(data({ was: false }));
    sent.splice(0);
    await run(hours(2), defrostOf(soonAfter(nowMs())));
    expect(opened(sent)).toHaveLength(1);
  });

  it('holds at that hour only where that is asked for, and not after its time', async () => {
    const { run, ask, sent, nowMs } = await made();
    const firstMs = soonAfter(nowMs());
    await run(hours(2), defrostOf(firstMs));
    await ask('normal', { stream: 'machine', hour: 'same', days: 3 });
    sent.splice(0);
    await run(hours(2), defrostOf(soonAfter(nowMs()))); // two hours later
    expect(opened(sent)).toHaveLength(1);
    sent.splice(0);
    const runTo = (timeMs: number) => run((timeMs - nowMs()) / FREEZER.intervalMs);
    await runTo(firstMs + DAY_MS - HOUR_MS);
    await run(hours(2), defrostOf(firstMs + DAY_MS));
    expect(opened(sent)).toEqual([]);
    await runTo(firstMs + 4 * DAY_MS - HOUR_MS);
    await run(hours(2), defrostOf(firstMs + 4 * DAY_MS));
    expect(opened(sent)).toHaveLength(1);
    expect(await ask('normal')).toEqual(data({ normals: [] }));
  });

  it('may still be open: from then on it is sent only when it differs', async () => {
    const { run, ask, sent, nowMs } = await made();
    const fromMs = soonAfter(nowMs());
    const away = (fromMs + 18 * MINUTE_MS - nowMs()) / FREEZER.intervalMs;
    await run(away, defrostOf(fromMs));
    expect(opened(sent)).toHaveLength(1);
    await ask('normal', { stream: 'machine' });
    sent.splice(0);
    const fallsMs = nowMs() + 2 * MINUTE_MS;
    await run(hours(2), withMainsAt(0, fallsMs, defrostOf(fromMs)));
    const [next] = sent;
    expect(next?.blamed?.map(({ id }) => id)).toContain('mains');
    expect(next?.timeMs).toBeGreaterThanOrEqual(fallsMs);
    expect(sent.at(-1)?.state).toBe('closed');
  });

  it('rings on at once when the answer is taken back while it is kept', async () => {
    const { run, ask, sent, nowMs, first } = await answered();
    const fromMs = soonAfter(nowMs());
    await run((fromMs + 12 * MINUTE_MS - nowMs()) / FREEZER.intervalMs, defrostOf(fromMs));
    expect(sent).toEqual([]);
    await ask('normal', { alert: first, undo: true });
    await run(1, defrostOf(fromMs));
    expect(opened(sent)).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('about an alert that is gone, or of a stream that is gone, is refused; taken back it can be', async () => {
    const { ask, store, decided } = await answered();
    const [known] = store.decisions.list('normal');
    expect(await ask('normal', { alert: 'gone' })).toEqual(objection("alert 'gone' is unknown"));
    store.addAlert(alertOf('other', 'closed', { streamId: 'pump' }), []);
    expect(await ask('normal', { alert: 'other' })).toEqual(objection("stream 'pump' is unknown"));
    expect(await ask('normal', { alert: 'a', stream: 'machine' })).toEqual(
      objection('either alert'),
    );
    expect(await ask('normal', { undo: true })).toEqual(objection('expected alert or stream'));
    if (known) decided().answers.add({ ...known, alertId: 'forgotten' });
    expect(await ask('normal', { alert: 'forgotten', undo: true })).toEqual(data({ was: true }));
  });

  it('covers no alert that blames nothing, nor the same name with another unit', () => {
    const { store } = open();
    const decided = openDecided(store, () => Date.UTC(2026, 10, 25));
    const closed = alertOf('a', 'closed');
    decided.answers.add(decided.answers.draft(closed, 1, { days: 9, sameHour: false }));
    expect(decided.muted(alertOf('b')).normal).toBe('a');
    expect(decided.muted(alertOf('c', 'opened', { channels: [] })).silenced).toBeUndefined();
    const inInches = closed.channels.map((channel) => ({ ...channel, unit: 'in/s' }));
    expect(decided.muted(alertOf('d', 'opened', { channels: inInches })).silenced).toBeUndefined();
  });

  it('of an earlier release becomes a pattern of its alert, or is removed with it', () => {
    const { store } = open();
    store.addAlert(alertOf('a', 'closed'), []);
    const former = { streamId: 'motor', modelId: 'm', fromMs: 0, toMs: 1, height: 3 };
    const decisions = store.decisions as unknown as { put(...former: unknown[]): void } & Decisions;
    for (const alertId of ['a', 'gone']) decisions.put('normal', alertId, { ...former, alertId });
    const decided = openDecided(store, () => Date.UTC(2026, 10, 25));
    expect(decided.takenOver).toEqual({ kept: 1, removed: 1 });
    expect(decided.muted(alertOf('b')).normal).toBe('a');
    expect(openDecided(store, () => 0).takenOver).toEqual({ kept: 0, removed: 0 });
  });
});
