// What a login may do, what it may see, and one look at the page in a browser.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/core/sample.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { LOOKS, overflowing } from './looks.ts';
import { logIn } from './page-client.ts';
import { CHANNELS, hasChromium, shownPage, tabAt } from './shown-page.ts';

const READING = 'for the screen on the wall';

function pageForReaders() {
  const readOnlyPasswordFile = join(tempFolder(), 'reading');
  writeFileSync(readOnlyPasswordFile, READING);
  return shownPage({ readOnlyPasswordFile });
}

describe('a login that may only look', () => {
  it('sees everything, and is told that it cannot change anything', async () => {
    const { url, asked } = await pageForReaders();
    const reader = await logIn(url, READING);
    expect(await (await reader.get('api/session')).json()).toMatchObject({ mayAct: false });
    for (const path of [
      'alert/open',
      'channels?stream=motor',
      'rows?hours=0',
      'models?stream=motor',
    ]) {
      expect([path, (await reader.get(`api/${path}`)).status]).toEqual([path, 200]);
    }
    expect((await reader.get('api/events')).status).toBe(200);
    const seen = asked.length;
    for (const verb of ['ack', 'normal', 'silence', 'retrain', 'rollback', 'reload']) {
      const answer = await reader.act(verb, { alert: 'open' });
      expect([verb, answer.status]).toEqual([verb, 403]);
      expect(await answer.json()).toMatchObject({
        error: 'this login may only look: log in with the other password',
      });
    }
    expect(asked).toHaveLength(seen);
    expect((await (await logIn(url)).act('ack', { alert: 'open' })).status).toBe(200);
  });
});

describe('channels', () => {
  it('are listed with their newest values, and read for charts', async () => {
    const { url } = await shownPage();
    const browser = await logIn(url);
    const json = async <Data>(path: string) =>
      (await (await browser.get(`api/${path}`)).json()) as Data;
    const { channels } = await json<{ channels: readonly Channel[] }>('channels?stream=motor');
    expect(channels.map(({ id }) => id)).toEqual(CHANNELS.map(({ id }) => id));
    const rows = await json<{ timeMs: number[]; channels: object[] }>(
      'rows?stream=motor&hours=0&channel=disk.write&channel=gone',
    );
    expect(rows.timeMs).toHaveLength(200);
    expect(rows.channels).toMatchObject([{ unit: 'MB/s' }, { id: 'gone', unit: null }]);
    expect(await json('channels?stream=other')).toEqual({ stream: 'other', channels: [] });
  });

  it('are refused by what is wrong with the request', async () => {
    const { url } = await shownPage();
    const browser = await logIn(url);
    for (const [path, status] of [
      ['rows?stream=motor', 400],
      ['rows?stream=motor&hours=-1', 400],
      ['rows?stream=motor&hours=169', 400],
      [`rows?stream=motor&hours=1${'&channel=a'.repeat(33)}`, 400],
      ['outbox', 404],
      ['constructor', 404],
    ] as const) {
      expect([path, (await browser.get(`api/${path}`)).status]).toEqual([path, status]);
    }
  });
});

describe.skipIf(!hasChromium)('the page in a browser', () => {
  it('draws charts, hides what a reader may not press, and fits a phone', async () => {
    const { url } = await pageForReaders();
    const tab = await tabAt(url, { width: 360, password: READING });
    await tab.until(`document.querySelectorAll('.plot canvas').length >= 3`);
    await tab.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
    const shown = (selector: string) =>
      tab.evaluate(
        `[...document.querySelectorAll('${selector}')].filter((one) => one.getClientRects().length > 0).length`,
      );
    expect(await shown('.act, .act button')).toBe(0);
    expect(await shown('.card button')).toBeGreaterThan(0);
    await tab.until(`document.querySelectorAll('.channels .plot canvas').length >= 6`);
    for (const look of LOOKS.slice(0, 2)) {
      await tab.look(look);
      expect(await tab.evaluate(overflowing)).toEqual([]);
    }
    expect(tab.faults).toEqual([]);
  });
});
