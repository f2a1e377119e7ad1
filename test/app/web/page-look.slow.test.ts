// The page as people see it, at the widths of a phone, a tablet and a screen: nothing is cut off, and nothing is against the
// rules of accessibility that axe knows.
import { describe, expect, it } from 'vitest';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { subscribe } from '../../io/subscriber.ts';
import { axeSource, LOOKS, overflowing, VIOLATIONS } from './looks.ts';
import { hasChromium, shownPage, tabAt } from './shown-page.ts';

const unfold = `for (const each of document.querySelectorAll('details')) each.open = true`;

async function openPage() {
  const broker = await startBroker({ port: 0 });
  const page = await shownPage({ fleet: true }, brokerOptions.parse({ url: broker.url }));
  const other = await subscribe(broker.url, 'nothing');
  const node = 'sentigon/pump-house-behind-the-long-wall-of-the-garden';
  const stream = 'a-stream-with-a-name-that-is-longer-than-most';
  const told = [
    ['status', 'online'],
    ['info', JSON.stringify({ version: '1.2.3', streams: [{ id: stream, model: 'm' }] })],
    [`${stream}/state`, JSON.stringify({ state: 'ON', severity: 'critical' })],
  ] as const;
  for (const [topic, text] of told) await other.publish(`${node}/${topic}`, text, true);
  return page;
}

describe.skipIf(!hasChromium)('the page', () => {
  it('fits phones, tablets and screens, light and dark, and axe finds nothing (#21)', async () => {
    const { url } = await openPage();
    const tab = await tabAt(url);
    await tab.until(`document.querySelectorAll('#fleet tbody tr').length === 1`);
    await tab.evaluate(unfold);
    await tab.until(`document.querySelectorAll('.plot canvas').length >= 8`);
    await tab.evaluate(axeSource);
    for (const look of LOOKS) {
      await tab.look(look);
      expect(await tab.evaluate(overflowing), JSON.stringify(look)).toEqual([]);
      expect(await tab.evaluate(VIOLATIONS), JSON.stringify(look)).toEqual([]);
    }
    expect(tab.faults).toEqual([]);
  }, 180_000);

  it('asks before it calls an alert normal, in words that say what will be quiet', async () => {
    const { url, asked } = await openPage();
    const tab = await tabAt(url, { width: 360 });
    await tab.until(`document.querySelector('.alert[open]') !== null`);
    const press = (words: string) =>
      tab.evaluate(
        `[...document.querySelectorAll('.alert[open] button')].find((one) => one.textContent === '${words}').click()`,
      );
    await press('This was normal');
    await tab.until(`document.getElementById('dialog').open`);
    expect(await tab.evaluate(`document.getElementById('dialog-text').textContent`)).toContain(
      'alerts are not sent that blame only disk.write',
    );
    await tab.evaluate(axeSource);
    expect(await tab.evaluate(VIOLATIONS)).toEqual([]);
    await tab.evaluate(`document.querySelector('#dialog button[value=no]').click()`);
    await press('This was normal');
    await tab.until(`document.getElementById('dialog').open`);
    await tab.evaluate(`document.getElementById('dialog-yes').click()`);
    await expect.poll(() => asked.at(-1)).toEqual(['normal', { alert: 'open' }]);
    expect(asked.map(([, request]) => request)).toEqual([
      { alert: 'open', preview: true },
      { alert: 'open', preview: true },
      { alert: 'open' },
    ]);
  }, 60_000);
});

describe.skipIf(!hasChromium)('a chart', () => {
  it('says the value under the pointer, and shows a part that is dragged over', async () => {
    const { url } = await openPage();
    const tab = await tabAt(url);
    await tab.evaluate(unfold);
    const chart = `document.querySelector('.channels .chart')`;
    await tab.until(`Boolean(${chart}?.querySelector('.u-over'))`);
    await tab.evaluate(`${chart}.scrollIntoView({ block: 'center' })`);
    const { x, y, width } = await tab.evaluate(
      `(({ x, y, width }) => ({ x, y, width }))(${chart}.querySelector('.u-over').getBoundingClientRect())`,
    );
    const mouse = (type: string, share: number, buttons = 0) =>
      tab.call('Input.dispatchMouseEvent', {
        ...{ type, x: x + share * width, y: y + 20, button: buttons ? 'left' : 'none', buttons },
        clickCount: 1,
      });
    const readout = () => tab.evaluate(`${chart}.querySelector('.readout').textContent`);
    await mouse('mouseMoved', 0.8);
    await expect.poll(readout).toMatch(/\d:\d\d.* · (29|3\d).* MB\/s$/);
    await mouse('mousePressed', 0.5, 1);
    await mouse('mouseMoved', 0.7, 1);
    await mouse('mouseReleased', 0.7, 1);
    const whole = `${chart}.querySelector('button')`;
    await tab.until(`!${whole}.hidden`);
    await tab.evaluate(`${whole}.click()`);
    await tab.until(`${whole}.hidden`);
  }, 60_000);
});

describe.skipIf(!hasChromium)('the login', () => {
  it('fits too, and axe finds nothing', async () => {
    const { url } = await openPage();
    const tab = await tabAt(url, { password: 'a guess', until: 'wrong' });
    await tab.evaluate(axeSource);
    for (const look of LOOKS) {
      await tab.look(look);
      expect(await tab.evaluate(overflowing), JSON.stringify(look)).toEqual([]);
      expect(await tab.evaluate(VIOLATIONS), JSON.stringify(look)).toEqual([]);
    }
  }, 60_000);
});
