import { describe, expect, it } from 'vitest';
import { createRecentAlerts } from '../../../src/app/web/view/alerts.ts';
import { daemonView } from '../../../src/app/web/view/daemon-view.ts';
import { createRecentScores, scoreHistory } from '../../../src/app/web/view/scores.ts';
import { alertOf } from '../../io/alerts.ts';
import { controlOf, HEALTH } from '../../io/control.ts';
import { open, START_MS, scoreAt } from '../../io/store/open-store.ts';

describe('a stream on the page', () => {
  it('is learning, starting, watching or silent', () => {
    const { control } = controlOf(['motor', 'new', 'quiet', 'learning']);
    const [motor, fresh, quiet, learning] = control.info().streams;
    const streams = [motor, fresh, quiet, { ...learning, model: null }];
    const silent = { id: 'quiet', scored: 5, lastMs: 1, score: 0.1, silentS: 61 };
    const view = daemonView({
      ...control,
      info: () => ({ ...control.info(), streams: streams as never }),
      health: () => ({ ...HEALTH, streams: [...HEALTH.streams, silent] }),
    });
    expect(view.streams.map(({ id, phase }) => `${id} ${phase}`)).toEqual([
      'motor watching',
      'new starting',
      'quiet silent',
      'learning learning',
    ]);
    expect(view.streams.map(({ promise }) => promise)).toEqual([
      expect.stringMatching(/^with 12 hours of normal rows: about 3 false alarms a day instead of/),
      ...[null, null, null],
    ]);
    expect(view.problems).toContain("stream 'quiet' had no score for 61 s");
    expect(view.waiting).toBe(3);
  });
});

describe('recent scores', () => {
  it('are the highest of each second within the last five minutes', () => {
    const scores = createRecentScores();
    for (const [timeMs, score] of [
      [0, 0.1],
      [1000, 0.2],
      [1200, 0.9],
      [1900, 0.3],
      [300_500, 0.4],
    ] as const) {
      scores.note(scoreAt(timeMs, score));
    }
    scores.note(scoreAt(5000, Number.NaN));
    scores.note(scoreAt(7000, 0.7, 'pump'));
    expect(scores.all()).toEqual({
      motor: [
        [1000, 0.9],
        [300_500, 0.4],
      ],
      pump: [[7000, 0.7]],
    });
  });

  it('are fresh once', () => {
    const scores = createRecentScores();
    scores.note(scoreAt(1000, 0.1));
    expect(scores.fresh()).toEqual({ motor: [[1000, 0.1]] });
    expect(scores.fresh()).toEqual({});
    scores.note(scoreAt(2000, 0.2));
    expect(scores.fresh()).toEqual({ motor: [[2000, 0.2]] });
    expect(scores.all()).toEqual({
      motor: [
        [1000, 0.1],
        [2000, 0.2],
      ],
    });
  });

  it('begin anew when the clock is set back', () => {
    const scores = createRecentScores();
    scores.note(scoreAt(9000, 0.1));
    scores.note(scoreAt(2000, 0.2));
    expect(scores.all()).toEqual({ motor: [[2000, 0.2]] });
  });
});

describe('recent alerts', () => {
  const old = { startMs: START_MS - 9000, timeMs: START_MS - 8000, endMs: START_MS - 8000 };

  it('are the newest states of the history, open ones first, and go on with what is told', () => {
    const { store } = open();
    store.addAlert(alertOf('old', 'opened', { ...old, endMs: null }), []);
    store.addAlert(alertOf('old', 'closed', old), []);
    store.addAlert(
      alertOf('open', 'opened', { startMs: START_MS - 20_000, timeMs: START_MS - 19_000 }),
      [],
    );
    const alerts = createRecentAlerts(store, () => START_MS);
    const names = () => alerts.list(['motor']).map(({ id, state }) => `${id} ${state}`);
    expect(names()).toEqual(['open opened', 'old closed']);
    alerts.note(alertOf('open', 'closed', { startMs: START_MS - 20_000 }));
    alerts.note(alertOf('newest', 'opened', { startMs: START_MS }));
    expect(names()).toEqual(['newest opened', 'old closed', 'open closed']);
  });

  it('keeps what it got for a stream before its history was read', () => {
    const { store } = open();
    store.addAlert(alertOf('a', 'opened', { timeMs: START_MS - 1000 }), []);
    const alerts = createRecentAlerts(store, () => START_MS);
    alerts.note(alertOf('a', 'closed'));
    expect(alerts.list(['motor']).map(({ state }) => state)).toEqual(['closed']);
  });

  it('are at most a hundred', () => {
    const { store } = open();
    const alerts = createRecentAlerts(store, () => START_MS);
    for (let n = 0; n < 500; n += 1) alerts.note(alertOf(`a${n}`, 'closed', { startMs: n }));
    const kept = alerts.list([]);
    expect([kept.length, kept[0]?.id, kept.at(-1)?.id]).toEqual([100, 'a499', 'a400']);
  });
});

describe('the history of scores', () => {
  it('is the highest of each of three hundred steps, read in parts without a seam', async () => {
    const { store } = open();
    const hours = 24;
    const fromMs = START_MS - hours * 3_600_000;
    for (let minute = 0; minute < hours * 60; minute += 1) {
      store.addScore(scoreAt(fromMs + minute * 60_000, 0.2));
    }
    store.addScore(scoreAt(fromMs + 6 * 3_600_000 - 1, 3));
    store.flush();
    const points = await scoreHistory(store, 'motor', START_MS, hours);
    expect(points.length).toBeLessThanOrEqual(301);
    expect(new Set(points.map(([timeMs]) => timeMs)).size).toBe(points.length);
    expect(points.filter(([, score]) => score === 3)).toHaveLength(1);
    expect(points.filter(([, score]) => score === 0.2).length).toBeGreaterThan(290);
  });
});
