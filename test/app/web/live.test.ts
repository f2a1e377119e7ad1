import { describe, expect, it } from 'vitest';
import type { AlertDetail } from '../../../src/app/web/view/alerts.ts';
import type { DaemonView } from '../../../src/app/web/view/daemon-view.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { alertOf } from '../../io/alerts.ts';
import { controlOf } from '../../io/control.ts';
import { freePort } from '../../io/mosquitto.ts';
import { START_MS, scoreAt } from '../../io/store/open-store.ts';
import { type Browser, listen, logIn, servedPage } from './page-client.ts';

async function jsonOf<Data>(browser: Browser, path: string): Promise<Data> {
  return (await (await browser.get(path)).json()) as Data;
}

describe('who listens to the page', () => {
  it('is told everything when he comes, and then what changes', async () => {
    const { url, store, standings, tell } = await servedPage();
    store.addAlert(alertOf('known', 'opened', { timeMs: Date.now() - 1000 }), []);
    standings.set('motor', { acknowledged: ['known', 'forgotten'] });
    tell(({ report }) => report(scoreAt(START_MS, 0.4)));
    const events = await listen(await logIn(url));
    expect(await events.next('recent')).toEqual({ motor: [[START_MS, 0.4]] });
    expect(await events.next('alerts')).toMatchObject([{ id: 'known', event_type: 'opened' }]);
    expect(await events.next('daemon')).toMatchObject({
      node: 'pump1',
      streams: [{ id: 'motor', phase: 'watching', score: 0.123457 }],
    });
    expect(await events.next('marks')).toMatchObject({ acknowledged: ['known'], normal: [] });
    tell(({ alert }) => alert(alertOf('new', 'opened', { silenced: true })));
    tell(({ report }) => report(scoreAt(START_MS + 1000, 1.5)));
    expect(await events.next('alert')).toMatchObject({
      id: 'new',
      silenced: true,
      stream: 'motor',
    });
    const fresh = await events.next<{ motor: number[][] }>('scores', ({ motor }) =>
      motor.some(([timeMs]) => timeMs === START_MS + 1000),
    );
    expect(fresh.motor.at(-1)).toEqual([START_MS + 1000, 1.5]);
    standings.set('motor', { silencedUntilMs: START_MS });
    tell(({ changed }) => changed());
    await events.next<{ streams: { silencedUntilMs: number | null }[] }>(
      'daemon',
      ({ streams }) => streams[0]?.silencedUntilMs === START_MS,
    );
  });

  it('hears nothing more once he has logged out', async () => {
    const { url, tell } = await servedPage();
    const browser = await logIn(url);
    const events = await listen(browser);
    await events.next('marks');
    const origin = new URL(url).origin;
    await browser.get('logout', { method: 'POST', headers: { origin } });
    tell(({ alert }) => alert(alertOf('secret')));
    await events.ended;
    expect(events.heard.map(({ event }) => event)).not.toContain('alert');
  });

  it('is told that nothing is heard of other devices', async () => {
    const broker = brokerOptions.parse({ url: `mqtt://127.0.0.1:${await freePort()}` });
    const { url } = await servedPage({ fleet: true }, {}, broker);
    const events = await listen(await logIn(url));
    const { problems } = await events.next<DaemonView>('daemon');
    expect(problems).toContainEqual(expect.stringContaining('the other devices cannot be read: '));
    expect(await events.next('fleet')).toEqual([]);
  });

  it('is one of sixteen at most', async () => {
    const { url } = await servedPage();
    const browser = await logIn(url);
    for (let n = 0; n < 16; n += 1) await listen(browser);
    expect((await browser.get('api/events')).status).toBe(503);
  });
});

describe('what the page asks for', () => {
  it('is an alert with its states and the rows of the channels it blames', async () => {
    const { url, store, rows } = await servedPage();
    for (const state of ['opened', 'closed'] as const) store.addAlert(alertOf('a', state), []);
    rows.set('a', {
      id: 'a',
      channels: [
        { id: 'other', unit: '' },
        { id: 'current', unit: 'A' },
        { id: 'vibration', unit: 'mm/s' },
      ],
      timeMs: Float64Array.of(1000, 2000),
      values: Float64Array.of(1, 2, 3, 4, Number.NaN, 6),
    });
    const browser = await logIn(url);
    const detail = await jsonOf<AlertDetail>(browser, 'api/alert/a');
    expect(detail.states.map(({ event_type }) => event_type)).toEqual(['opened', 'closed']);
    expect(detail.rows).toEqual({
      timeMs: [1000, 2000],
      channels: [
        { id: 'vibration', unit: 'mm/s', values: [3, 6] },
        { id: 'current', unit: 'A', values: [2, null] },
      ],
    });
    expect((await browser.get('api/alert/b')).status).toBe(404);
  });

  it('is the history of a stream, up to its newest row', async () => {
    const { url, store } = await servedPage();
    const lastMs = controlOf().control.health().streams[0]?.lastMs ?? 0;
    store.addScore(scoreAt(lastMs - 1800_000, 0.7));
    store.addScore(scoreAt(lastMs - 7200_000, 0.9));
    store.flush();
    const browser = await logIn(url);
    const { points } = await jsonOf<{ points: object }>(
      browser,
      'api/history?stream=motor&hours=1',
    );
    expect(points).toEqual([[lastMs - 1800_000, 0.7]]);
    for (const hours of ['0', '-1', '1e9', 'x', '']) {
      expect((await browser.get(`api/history?stream=motor&hours=${hours}`)).status).toBe(400);
    }
  });

  it('ends nothing when answering fails, which is in the log and not in the answer', async () => {
    const { url, log, store } = await servedPage();
    const browser = await logIn(url);
    store.close();
    const answer = await browser.get('api/alert/a');
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('closed');
    expect(log).toContainEqual(expect.objectContaining({ msg: 'bug in the web page' }));
    expect((await browser.get('api/session')).status).toBe(200);
  });
});
